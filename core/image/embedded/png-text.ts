import { inflateSync } from 'node:zlib';
import type { Part } from './parts.ts';
import { decodeText, MAX_TEXT, MAX_TEXTS } from './texts.ts';

/** Easy Diffusion writes the most chunks: some thirty. */
const MAX_CHUNKS = 64;

/** Names of people, and what is read elsewhere. */
const LEFT_ALONE = /^(?:author|artist|copyright|xml:|raw profile)/i;

/**
 * The texts of a PNG (third edition, section 11.3.3), wherever they stand. A text that is too long, broken, or a bomb
 * is passed over; what a chunk claims to be is never believed beyond these bounds.
 */
export function* pngTexts(parts: Iterable<Part>): Generator<readonly [keyword: string, text: string], void> {
  let chunks = 0;
  let allowance = MAX_TEXTS;
  for (const { type, data } of parts) {
    if (!Object.hasOwn(LAYOUTS, type) || data.length > MAX_TEXT) continue;
    if (chunks++ >= MAX_CHUNKS || allowance <= 0) return;
    const end = data.indexOf(0);
    if (end < 1 || end > 79) continue;
    const keyword = data.toString('latin1', 0, end);
    // One of the three that the table has.
    const body = LEFT_ALONE.test(keyword)
      ? null
      : LAYOUTS[type as keyof typeof LAYOUTS](data.subarray(end + 1));
    if (!body) continue;
    const text = body.compressed ? inflate(body.data, Math.min(MAX_TEXT, allowance)) : body.data;
    // What is inflated in vain is spent all the same.
    allowance -= text?.length ?? MAX_TEXT;
    if (text && allowance >= 0) yield [keyword, decodeText(text)];
  }
}

function inflate(data: Buffer, maxOutputLength: number): Buffer | null {
  try {
    return inflateSync(data, { maxOutputLength });
  } catch {
    return null;
  }
}

interface Body {
  readonly data: Buffer;
  readonly compressed: boolean;
}

/** What stands behind the keyword. Of methods of compression there is but one, 0. */
const LAYOUTS = {
  tEXt: (data: Buffer): Body => ({ data, compressed: false }),
  zTXt: (data: Buffer): Body | null => (data[0] === 0 ? { data: data.subarray(1), compressed: true } : null),
  /** Whether it is compressed, how, its language, the keyword in that language. */
  iTXt(data: Buffer): Body | null {
    const language = data.indexOf(0, 2);
    const translated = language < 0 ? -1 : data.indexOf(0, language + 1);
    if (translated < 0 || data[1] !== 0) return null;
    return { data: data.subarray(translated + 1), compressed: data[0] === 1 };
  },
} as const;
