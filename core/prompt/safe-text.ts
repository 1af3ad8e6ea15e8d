import { plainText } from '../vision/plain-text.ts';

/** What others wrote (a service, a camera, the image itself), fit to be stored, and fit to be put into a prompt. */

/**
 * Of what is cleaned, so many times what is kept are looked at: room for what cleaning takes away. To normalize a run of
 * combining marks takes the square of its length, which for a megabyte of them is minutes.
 */
const LOOKED_AT = 8;

/** One line of well-formed text without controls, at most `maxLength` UTF-16 units, cut at a word's end. */
export function cleanText(text: string, maxLength = 1000): string {
  const beginning = text.slice(0, LOOKED_AT * maxLength).normalize('NFC');
  return cutAtWord(plainText(beginning, maxLength + 1), maxLength);
}

/** The longest beginning of at most `maxLength` UTF-16 units that ends with a word, or with a character if it must. */
export function cutAtWord(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  const head = text.slice(0, maxLength + 1);
  const space = head.lastIndexOf(' ');
  if (space > 0) return head.slice(0, space).trimEnd();
  const whole = text.slice(0, maxLength);
  return whole.isWellFormed() ? whole : whole.slice(0, -1);
}

/** Whether there is anything but punctuation. */
export function isReadable(text: string): boolean {
  return /[\p{L}\p{N}\p{Extended_Pictographic}]/u.test(text);
}

/**
 * Takes away everything that some prompt reader obeys instead of drawing it, for text that came from outside.
 * Prompts travel from tool to tool, so the same is done for every target.
 */
export function neutralText(text: string): string {
  return (
    cleanText(text)
      // Brackets: LoRA and HTML tags, wildcards and permutations, alternation; the escape sign would undo our own.
      .replace(/[<>{}|\\`*]/g, ' ')
      .replace(/\[/g, '(')
      .replace(/\]/g, ')')
      // An address would be fetched as an image prompt.
      .replace(/:\/\//g, ' ')
      .replace(/:(?:\s*:)+/g, ':')
      // A weight is a colon and a number before a closing bracket: (word:1.3).
      .replace(/:(?=\s*[+-]?[\d.]+\s*\))/g, ' ')
      .replace(/embedding:/gi, 'embedding ')
      // Phones turn two hyphens into a dash, so Midjourney reads a dash as the start of a parameter.
      .replace(
        /[-\u2010-\u2015\u2212\ufe58\ufe63\uff0d](?:\s*[-\u2010-\u2015\u2212\ufe58\ufe63\uff0d])+/g,
        '-',
      )
      .replace(/[\u2012-\u2015\u2212\ufe58\uff0d]/g, '-')
      .replace(/__+/g, '_')
      // Capitals make these a command: a new chunk, a second prompt.
      .replace(/\b(?:BREAK|AND)\b/g, (word) => word.toLowerCase())
      .replace(/\s+/g, ' ')
      .trim()
  );
}
