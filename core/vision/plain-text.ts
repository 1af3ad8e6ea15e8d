/**
 * What no reader sees but a terminal, a page or a model obeys: the bidirectional controls that let text pose as other
 * text (CVE-2021-42574), zero-width marks, and the tag characters and variation selectors that carry hidden instructions.
 * The joiners U+200C and U+200D and the selectors U+FE0E and U+FE0F stay: Persian and emoji are spelled with them.
 */
const UNSEEN = /[[\p{Default_Ignorable_Code_Point}\uFFF9-\uFFFB]--[\u200C\u200D\uFE0E\uFE0F]]/gv;

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
