/**
 * What a text encoder reads, and how much of it is used. CLIP reads 77 tokens, of which it takes two itself; a tenth stays
 * free because counts are estimates. T5's vocabulary is another, so that a fifth stays free.
 */
export const CLIP = { limit: 75, room: 67 } as const;
export const T5 = { limit: 256, room: 204 } as const;

const SPACE = /\s/;

/**
 * About what CLIP's tokenizer makes of a text. Real counts need each model's own vocabulary; this errs on the high side.
 * CLIP knows most words of up to six letters and splits longer ones; digits and punctuation count one each; a word without
 * a vowel is spelled letter by letter; other scripts are spelled byte by byte.
 */
export function estimateTokens(text: string): number {
  let tokens = 0;
  let letters = 0;
  let vowel = false;
  for (let at = 0; at <= text.length; at++) {
    // NaN behind the end, which is no letter and ends the last word.
    const code = text.charCodeAt(at);
    const lower = code | 32;
    if (code < 128 && lower >= 97 && lower <= 122) {
      letters += 1;
      vowel ||= 'aeiouy'.includes(String.fromCharCode(lower));
      continue;
    }
    tokens += vowel ? Math.ceil(letters / 6) : letters;
    letters = 0;
    vowel = false;
    if (at < text.length) tokens += bytesOf(code);
  }
  return tokens;
}

/** In UTF-8, of a UTF-16 unit: half a surrogate pair takes two of its four bytes. White space costs nothing. */
function bytesOf(code: number): number {
  if (code < 128) return code === 32 || (code >= 9 && code <= 13) ? 0 : 1;
  if (SPACE.test(String.fromCharCode(code))) return 0;
  if (code < 0x800 || (code >= 0xd800 && code <= 0xdfff)) return 2;
  return 3;
}

export function countWords(text: string): number {
  let words = 0;
  let inside = false;
  for (let at = 0; at < text.length; at++) {
    const space = text.charCodeAt(at) <= 32;
    if (!space && !inside) words += 1;
    inside = !space;
  }
  return words;
}
