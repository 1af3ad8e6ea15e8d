/** Just enough of a language's shape to hear that "Bicycles" repeats "a bike": English captions, tags in any language. */

const STOP_WORDS = new Set(
  `a an and are as at be by for from has have having in inside into is it its near next of off on onto or other
  out over shown some that the their there these this to top under up while which with`.split(/\s+/),
);

const IRREGULAR: ReadonlyMap<string, string> = new Map([
  ['people', 'person'],
  ['men', 'man'],
  ['women', 'woman'],
  ['children', 'child'],
  ['feet', 'foot'],
  ['leaves', 'leaf'],
  ['mice', 'mouse'],
  ['geese', 'goose'],
  ['bike', 'bicycle'],
  ['motorbike', 'motorcycle'],
  ['automobile', 'car'],
  ['outside', 'outdoor'],
  ['outdoors', 'outdoor'],
  ['indoors', 'indoor'],
  ['grey', 'gray'],
  ['colour', 'color'],
]);

/** Who says the first has said the second: taggers list both. */
const IMPLIED: ReadonlyMap<string, readonly string[]> = new Map([
  ...[
    'man',
    'woman',
    'boy',
    'girl',
    'child',
    'baby',
    'lady',
    'guy',
    'player',
    'crowd',
    'family',
    'couple',
  ].map((word): [string, string[]] => [word, ['person', 'human']]),
  ['person', ['human']],
  ...['dog', 'cat', 'puppy', 'kitten'].map((word): [string, string[]] => [word, ['animal', 'mammal', 'pet']]),
  ...['horse', 'cow', 'sheep', 'elephant', 'zebra', 'giraffe', 'bear', 'lion', 'tiger', 'fox', 'deer'].map(
    (word): [string, string[]] => [word, ['animal', 'mammal', 'wildlife']],
  ),
  ['bird', ['animal', 'wildlife']],
  ...['car', 'bus', 'truck', 'van', 'bicycle', 'motorcycle', 'train'].map((word): [string, string[]] => [
    word,
    ['vehicle', 'land', 'transport', 'transportation'],
  ]),
]);

function stem(word: string): string {
  const plain = word.toLowerCase().replace(/['’]s?$/, '');
  const irregular = IRREGULAR.get(plain);
  if (irregular !== undefined) return irregular;
  const singular = singularOf(plain);
  return IRREGULAR.get(singular) ?? singular;
}

function singularOf(word: string): string {
  if (word.length < 4 || /(?:ss|us|is)$/.test(word)) return word;
  if (word.endsWith('ies') && word.length > 4) return `${word.slice(0, -3)}y`;
  if (/(?:ch|sh|x|z|ss)es$/.test(word)) return word.slice(0, -2);
  return word.endsWith('s') ? word.slice(0, -1) : word;
}

export function isStopWord(word: string): boolean {
  return STOP_WORDS.has(word.toLowerCase());
}

/** The stems of the words that carry meaning. */
export function contentWords(text: string): string[] {
  const words = text.match(/[\p{L}\p{M}\p{N}'’]+/gu) ?? [];
  return words.filter((word) => !isStopWord(word)).map(stem);
}

/** The words a text says, and those it says without saying them. */
export function impliedWords(text: string): string[] {
  return contentWords(text).flatMap((word) => [word, ...(IMPLIED.get(word) ?? [])]);
}

/** "3 cars", "2 people". */
export function counted(count: number, noun: string): string {
  if (count === 1) return noun;
  const irregular = [...IRREGULAR].find(([, singular]) => singular === noun.toLowerCase());
  if (irregular && ['person', 'man', 'woman', 'child', 'mouse', 'goose'].includes(irregular[1])) {
    return `${count} ${irregular[0]}`;
  }
  if (!/[a-z]$/i.test(noun) || singularOf(noun) !== noun) return `${count} ${noun}`;
  if (/[^aeiou]y$/.test(noun)) return `${count} ${noun.slice(0, -1)}ies`;
  return `${count} ${noun}${/(?:s|ch|sh|x|z)$/.test(noun) ? 'es' : 's'}`;
}

/** "a", "a and b", "a, b and c". */
export function listWords(items: readonly string[]): string {
  if (items.length < 2) return items.join('');
  return `${items.slice(0, -1).join(', ')} and ${items.slice(-1).join('')}`;
}

/** Words in -ing that are things, not something being done. */
const THINGS_IN_ING = new Set(
  `building ceiling painting clothing evening morning wedding railing lightning string spring king ring wing thing
  something nothing everything drawing crossing earring icing viking bowling lighting flooring awning sibling`.split(
    /\s+/,
  ),
);

/** "riding", but not "building". */
export function isActivity(word: string): boolean {
  return /^\p{L}{2,}ing$/u.test(word) && !THINGS_IN_ING.has(word.toLowerCase());
}
