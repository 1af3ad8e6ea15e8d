import type { Recovered } from '../recovered.ts';
import type { Texts } from '../texts.ts';
import type { Xmp } from '../xmp.ts';
import { readA1111 } from './a1111.ts';
import { readComfyui } from './comfyui/comfyui.ts';
import { readDrawThings } from './draw-things.ts';
import { readEasyDiffusion } from './easy-diffusion.ts';
import { readFooocus } from './fooocus.ts';
import { readInvokeai } from './invokeai.ts';
import { readIptc } from './iptc.ts';
import { readMidjourney } from './midjourney.ts';
import { readNovelai } from './novelai.ts';
import { readSwarmui } from './swarmui.ts';

/** Reads what one generator writes; null where it wrote nothing. May throw on what is broken. */
export type GeneratorReader = (texts: Texts, xmp: Xmp) => Recovered | null;

/**
 * In the order in which they are asked: those with marks of their own first, then a prompt in plain words before a graph
 * that holds it, and last what any program may write.
 */
export const GENERATORS: readonly GeneratorReader[] = [
  readSwarmui,
  readFooocus,
  readInvokeai,
  readNovelai,
  readDrawThings,
  readEasyDiffusion,
  readA1111,
  readComfyui,
  readMidjourney,
  readIptc,
];
