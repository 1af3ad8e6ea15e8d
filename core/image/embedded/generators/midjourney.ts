import { type Recovered, toRecovered } from '../recovered.ts';
import { IMAGE_DESCRIPTION, type Texts } from '../texts.ts';
import type { Xmp } from '../xmp.ts';

/**
 * Midjourney: a description that is the prompt with its parameters and ends in the job's id. The parameters stay in the
 * prompt, as it was typed; `--no` is also the negative prompt.
 */
export function readMidjourney(texts: Texts, xmp: Xmp): Recovered | null {
  for (const text of [texts.get('Description'), texts.get(IMAGE_DESCRIPTION), xmp.get('dc:description')]) {
    const end = text?.lastIndexOf(' Job ID: ') ?? -1;
    if (!text || end < 0 || !/^[\da-f-]{36}\s*$/i.test(text.slice(end + ' Job ID: '.length))) continue;
    const prompt = text.slice(0, end);
    const parameters = readParameters(prompt);
    const negative = parameters.find(([name]) => name === 'no');
    return toRecovered({
      generator: 'Midjourney',
      prompt,
      negativePrompt: negative?.[1] ?? null,
      parameters,
    });
  }
  return null;
}

/** UTF-16 units in which parameters are looked for. */
const LONGEST = 16 * 1024;

/** `--ar 3:2 --no text, frame --raw`: a name, and what stands before the next; a bare one is set. */
function readParameters(prompt: string): [name: string, value: string][] {
  const [, ...flags] = prompt.slice(0, LONGEST).split(/(?:^|\s)--(?=[a-z])/i);
  return flags.map((flag) => {
    const name = /^[a-z]+/i.exec(flag)?.[0] ?? '';
    return [name, flag.slice(name.length).trim()];
  });
}
