/** Real counts need each model's own vocabulary; this estimate errs on the high side. */

/**
 * About what CLIP's tokenizer makes of a text. It knows most words of up to six letters and splits longer ones;
 * digits and punctuation count one each; a word without a vowel is spelled letter by letter; other scripts are
 * spelled byte by byte.
 */
export function estimateTokens(text: string): number {
  const words = text.match(/[a-z]+/gi) ?? [];
  const rest = Buffer.byteLength(text.replace(/[a-z\s]+/gi, ''));
  return words.reduce((tokens, word) => tokens + wordTokens(word), rest);
}

function wordTokens(word: string): number {
  return /[aeiouy]/i.test(word) ? Math.ceil(word.length / 6) : word.length;
}

export function countWords(text: string): number {
  return text.match(/\S+/g)?.length ?? 0;
}
