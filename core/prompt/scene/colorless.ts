import { HUES, THINGS } from '../words/hues.ts';
import { article } from '../words/plurals.ts';
import { isStopWord } from '../words/stems.ts';

const SHADES = new Set('vivid bright light dark deep pale muted neon vibrant brilliant'.split(' '));
const COLOR_JOINS = new Set([...HUES, ...SHADES, 'white', 'black', 'gray', 'grey', 'silver']);

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
  const before = kept.at(-1) ?? '';
  if (/^an?$/i.test(before)) kept.splice(-1, 1, `${before.charAt(0)}${article(noun).slice(1)}`);
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
