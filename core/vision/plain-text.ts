/**
 * What no reader sees but a terminal, a page or a model obeys: the bidirectional controls that let text pose as other
 * text (CVE-2021-42574), zero-width marks, and the tag characters that carry hidden instructions. The joiners U+200C
 * and U+200D stay: Persian and emoji are spelled with them.
 */
const UNSEEN = /[\u00AD\u061C\u200B\u200E\u200F\u202A-\u202E\u2060-\u206F\uFEFF\u{E0000}-\u{E007F}]/gu;

const BREAKS_AND_CONTROLS = /[\s\p{Cc}]+/gu;

/**
 * One line of well-formed text of at most `maxLength` UTF-16 units, never ending in half a character.
 * The text stays data: whoever shows it still escapes it for where it is shown.
 */
export function plainText(text: string, maxLength: number): string {
  return text
    .toWellFormed()
    .replace(UNSEEN, '')
    .replace(BREAKS_AND_CONTROLS, ' ')
    .trim()
    .slice(0, maxLength)
    .replace(/[\uD800-\uDBFF]$/, '')
    .trimEnd();
}
