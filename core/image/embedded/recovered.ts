/** The prompt that an image's generator wrote into the file. */
export interface Recovered {
  /** The program, as it is known: "ComfyUI". */
  readonly generator: string;
  /** As it was written, byte for byte. */
  readonly prompt: string;
  /** Null where nothing was kept out. */
  readonly negativePrompt: string | null;
  readonly parameters: Readonly<Record<string, Parameter>>;
  /** `partial` where part of the prompt could not be found or was cut. */
  readonly completeness: 'full' | 'partial';
}

type Parameter = string | number | boolean;

/** What a file says of its origin. Anyone can write it: nothing of it is verified. */
export interface Provenance {
  /** The last part of an IPTC digital source type's address: `trainedAlgorithmicMedia`. */
  readonly digitalSourceType: string | null;
  readonly aiSystem: string | null;
  /** Content credentials are in the file; their signature is not checked. */
  readonly c2pa: 'present-unverified' | null;
}

/** What a generator's reader found, before it is cut to size. */
export interface Reading {
  readonly generator: string;
  readonly prompt: string;
  readonly negativePrompt?: string | null | undefined;
  /** Names and values as the file has them: what is no flat JSON value is left out. */
  readonly parameters?: Iterable<readonly [name: string, value: unknown]>;
  readonly partial?: boolean;
}

/** UTF-16 units; more than any model reads. */
const MAX_PROMPT = 32 * 1024;

const MAX_PARAMETERS = 64;
const MAX_NAME = 64;
const MAX_VALUE = 1000;

/** The reading in the document's terms; null where it holds no words. */
export function toRecovered(reading: Reading): Recovered | null {
  const { generator, prompt, negativePrompt = null, parameters = [], partial = false } = reading;
  if (prompt.trim() === '') return null;
  const tooLong = prompt.length > MAX_PROMPT || (negativePrompt ?? '').length > MAX_PROMPT;
  return {
    generator,
    prompt: cut(prompt, MAX_PROMPT),
    negativePrompt: negativePrompt ? cut(negativePrompt, MAX_PROMPT) : null,
    parameters: flatParameters(parameters),
    completeness: partial || tooLong ? 'partial' : 'full',
  };
}

/** A lone half of a character has no bytes: it could not be stored. */
function cut(text: string, length: number): string {
  return text
    .slice(0, length)
    .replace(/[\uD800-\uDBFF]$/, '')
    .toWellFormed();
}

/** Names that programs read as something else than a name, and those of people and machines. */
const REFUSED_NAMES =
  /^(?:__proto__|constructor|prototype|user(?:_?name)?|author|creator|created_?by|email|host(?:_?name)?|session_?id|api_?key|token|ip)$/i;

function flatParameters(parameters: Iterable<readonly [string, unknown]>): Record<string, Parameter> {
  const flat = new Map<string, Parameter>();
  for (const [name, value] of parameters) {
    if (flat.size >= MAX_PARAMETERS) break;
    if (name === '' || name.length > MAX_NAME || REFUSED_NAMES.test(name) || flat.has(name)) continue;
    if (typeof value === 'string') {
      if (!isDump(value)) flat.set(name.toWellFormed(), cut(withoutFolders(value), MAX_VALUE));
    } else if (typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))) {
      flat.set(name.toWellFormed(), value);
    }
  }
  return Object.fromEntries(flat);
}

/** A graph, or a picture in base64: cut it is of no use, and whole it is no parameter. */
function isDump(value: string): boolean {
  return value.length > MAX_VALUE && (/^\s*[[{]/.test(value) || !/\s/.test(value.slice(0, MAX_VALUE)));
}

/** Where the folders of people begin: a drive, a share, a home. */
const FOLDERS =
  /(?:(?<![a-z])[a-z]:[\\/]|\\\\[\w.-]+\\|~[\\/]|file:\/+|(?<![\w.])\/(?:home|Users|root|mnt|media|Volumes)\/)(?:[^\\/\n"'<>|,;:]*[\\/])*/gi;

/** The folders of an absolute path tell who made the image, and add nothing to what was used. */
function withoutFolders(value: string): string {
  const short = value.slice(0, 2 * MAX_VALUE);
  return /^[\\/~]/.test(short) ? (short.split(/[\\/]/).at(-1) ?? '') : short.replace(FOLDERS, '');
}
