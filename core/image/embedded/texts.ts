import { isUtf8 } from 'node:buffer';
import { type JsonRecord, parseRecord } from './json.ts';

/** Bytes as stored, and inflated; more than a generator writes. Larger texts are not read. */
export const MAX_TEXT = 1024 * 1024;

/** Bytes of all texts of an image that are read. */
export const MAX_TEXTS = 2 * MAX_TEXT;

/** Texts that have no keyword of their own, by where they stand. */
export const USER_COMMENT = 'exif:UserComment';
export const IMAGE_DESCRIPTION = 'exif:ImageDescription';
export const EXIF_COMMENT = 'exif:XPComment';
export const JPEG_COMMENT = 'jpeg:COM';

/**
 * The texts in an image by name: a PNG text's keyword, or one of the names above. The first of a name counts, as it does
 * for the programs that write them.
 */
export class Texts {
  readonly #texts = new Map<string, string>();
  readonly #records = new Map<string, JsonRecord | null>();

  constructor(texts: Iterable<readonly [name: string, text: string]>) {
    for (const [name, text] of texts) if (!this.#texts.has(name)) this.#texts.set(name, text);
  }

  get(name: string): string | undefined {
    return this.#texts.get(name);
  }

  /** The text as a JSON object; parsed once, since several generators ask. */
  record(name: string): JsonRecord | null {
    const known = this.#records.get(name);
    if (known !== undefined) return known;
    const text = this.#texts.get(name);
    const record = text === undefined ? null : parseRecord(text);
    this.#records.set(name, record);
    return record;
  }
}

/**
 * Bytes that say nothing of their encoding, or something wrong. UTF-8 is recognised by its structure, which other
 * encodings hardly ever have by chance; what is left is Latin-1, as PNG demands.
 */
export function decodeText(bytes: Uint8Array): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return isUtf8(text) ? new TextDecoder().decode(text) : text.toString('latin1');
}

/** Fields of fixed size are filled up with NUL. A regular expression would look at a run of them once per NUL. */
export function withoutPadding(text: string): string {
  let end = text.length;
  while (end > 0 && text.charCodeAt(end - 1) === 0) end--;
  return text.slice(0, end);
}
