import {
  HIGH_KEY,
  LOW_KEY,
  MONOCHROME,
  MUTED,
  NEAR_MONOCHROME,
  SHARP_FOCUS,
  SOFT_FOCUS,
} from '../vocabulary.ts';
import { HUES, THINGS } from './hues.ts';
import { isStopWord } from './words.ts';

/** What was measured is true of the pixels; a tag that says the opposite is a guess that went wrong. */
const DISAGREE: readonly { readonly measured: string; readonly says: RegExp }[] = [
  { measured: LOW_KEY, says: /^(?:bright|brightness|overexposed|high[- ]key)$/i },
  { measured: HIGH_KEY, says: /^(?:dark|darkness|dim|underexposed|low[- ]key)$/i },
  { measured: SHARP_FOCUS, says: /^(?:blur|blurry|blurred|out of focus|soft focus)$/i },
  { measured: SOFT_FOCUS, says: /^(?:sharp|sharpness|crisp)$/i },
  { measured: MONOCHROME, says: /^(?:colou?rful|colou?rfulness|vivid|vibrant)$/i },
  { measured: MUTED, says: /^(?:colou?rful|colou?rfulness|vivid|vibrant)$/i },
];

/** Tags that say of an image what {@link MONOCHROME} says. */
export const COLORLESS =
  /^(?:black[- ]and[- ]white(?: photography)?|monochrome(?: photography)?|gr[ae]yscale)$/i;

const SHADES = new Set('vivid bright light dark deep pale muted neon vibrant brilliant'.split(' '));
const COLOR_JOINS = new Set([...HUES, ...SHADES, 'white', 'black', 'gray', 'grey', 'silver']);

/** Why a tag cannot be true of what was measured; null where nothing speaks against it. */
export function contradiction(tag: string, measured: ReadonlySet<string>): string | null {
  const against = DISAGREE.find((rule) => measured.has(rule.measured) && rule.says.test(tag));
  if (against) return `the pixels say ${against.measured}`;
  const colored = measured.size > 0 && !measured.has(MONOCHROME) && !measured.has(NEAR_MONOCHROME);
  return colored && COLORLESS.test(tag) ? 'the pixels are in color' : null;
}

/** A text without its colours, for an image that has none; `removed` are the words that went. */
export function withoutHues(text: string): { readonly text: string; readonly removed: readonly string[] } {
  const words = text.split(' ');
  const kept: string[] = [];
  const removed: string[] = [];
  let gap = false;
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? '';
    const next = words[index + 1];
    const joins = isJoin(next) && COLOR_JOINS.has(plain(words[index + 2]));
    if (!isHue(word, next) && !(joins && HUES.has(plain(word)))) {
      if (gap) settleArticle(kept, word);
      gap = false;
      kept.push(word);
      continue;
    }
    while (SHADES.has(plain(kept.at(-1)))) kept.pop();
    removed.push(plain(word));
    gap = true;
    if (joins) index += 1;
    else if (isJoin(kept.at(-1)) && COLOR_JOINS.has(plain(kept.at(-2)))) kept.pop();
    else if (plain(kept.at(-1)) === 'in' && !isContent(next)) kept.pop();
  }
  return { text: kept.join(' '), removed };
}

/** What stood between an article and its noun is gone: "an orange cat" is now "a cat". */
function settleArticle(kept: string[], noun: string): void {
  const article = kept.at(-1) ?? '';
  if (/^an?$/i.test(article)) kept.splice(-1, 1, `${article.charAt(0)}${/^[aeio]/i.test(noun) ? 'n' : ''}`);
}

function isHue(word: string, next: string | undefined): boolean {
  const hue = plain(word);
  return HUES.has(hue) && (!THINGS.has(hue) || (isContent(next) && !/[,;.]$/.test(word)));
}

function isContent(word: string | undefined): boolean {
  return word !== undefined && !isStopWord(word);
}

function isJoin(word: string | undefined): boolean {
  return word === 'and' || word === 'or';
}

function plain(word: string | undefined): string {
  return (word ?? '').toLowerCase().replace(/[^\p{L}]/gu, '');
}
