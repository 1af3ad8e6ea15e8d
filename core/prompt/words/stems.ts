import { IMPLIED, SYNONYMS } from './implied.ts';
import { singularOf } from './plurals.ts';

/** Just enough of a language's shape to hear that "Bicycles" repeats "a bike": English captions, tags in any language. */

const STOP_WORDS = new Set(
  `a across along an and are around as at be behind beside between by down for from has have having her his in inside
  into is it its near next of off on onto or other out over shown some that the their there these this through to top
  toward towards under up while which with`.split(/\s+/),
);

/** They tell one thing from another so little that "mobile phone" repeats "phone". */
const WEAK_WORDS = new Set('mobile cell electronic personal domestic natural close picture'.split(' '));

function stem(word: string): string {
  const plain = word.toLowerCase().replace(/['’]s?$/, '');
  const singular = singularOf(plain);
  return SYNONYMS.get(plain) ?? SYNONYMS.get(singular) ?? singular;
}

export function isStopWord(word: string): boolean {
  return STOP_WORDS.has(word.toLowerCase());
}

/** A number, in words or digits. */
export function isCount(word: string): boolean {
  return /^(?:one|two|three|four|five|six|seven|eight|nine|ten|several|many|\d+)$/i.test(word);
}

/** The stems of the words that carry meaning. */
export function contentWords(text: string): string[] {
  const words = (text.match(/[\p{L}\p{M}\p{N}'’]+/gu) ?? []).filter((word) => !isStopWord(word));
  const telling = words.filter((word) => !WEAK_WORDS.has(word.toLowerCase()));
  return (telling.length > 0 ? telling : words).map(stem);
}

/** The words a text says, and those it says without saying them. */
export function impliedWords(text: string): string[] {
  return [...new Set(contentWords(text).flatMap((word) => [word, ...(IMPLIED.get(word) ?? [])]))];
}

/** "a", "a and b", "a, b and c". */
export function listWords(items: readonly string[]): string {
  if (items.length < 2) return items.join('');
  return `${items.slice(0, -1).join(', ')} and ${items.slice(-1).join('')}`;
}
