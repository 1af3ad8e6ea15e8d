/** Just enough of a language's shape to hear that "Bicycles" repeats "a bike": English captions, tags in any language. */

const STOP_WORDS = new Set(
  `a across along an and are around as at be behind beside between by down for from has have having her his in inside
  into is it its near next of off on onto or other out over shown some that the their there these this through to top
  toward towards under up while which with`.split(/\s+/),
);

/** As pairs of many and one. */
const PLURALS: ReadonlyMap<string, string> = new Map([
  ['people', 'person'],
  ['men', 'man'],
  ['women', 'woman'],
  ['children', 'child'],
  ['feet', 'foot'],
  ['teeth', 'tooth'],
  ['mice', 'mouse'],
  ['geese', 'goose'],
  ['sheep', 'sheep'],
  ['fish', 'fish'],
  ['deer', 'deer'],
  ['leaves', 'leaf'],
  ['loaves', 'loaf'],
  ['knives', 'knife'],
  ['wolves', 'wolf'],
  ['shelves', 'shelf'],
  ['scarves', 'scarf'],
  ['tomatoes', 'tomato'],
  ['potatoes', 'potato'],
  ['buses', 'bus'],
]);

const PLURAL_OF: ReadonlyMap<string, string> = new Map([...PLURALS].map(([many, one]) => [one, many]));

const SYNONYMS: ReadonlyMap<string, string> = new Map([
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
  ...implying('man woman boy girl child baby lady guy player crowd family couple', 'person human face'),
  ...implying('person', 'human face'),
  ...implying('dog cat puppy kitten', 'animal mammal pet breed'),
  ...implying(
    'horse cow sheep goat pig elephant zebra giraffe bear lion tiger fox wolf deer rabbit squirrel monkey',
    'animal mammal wildlife',
  ),
  ...implying('bird', 'animal wildlife'),
  ...implying('owl eagle hawk falcon vulture', 'animal wildlife bird prey raptor'),
  ...implying('duck goose swan pelican', 'animal wildlife bird waterfowl waterbird seabird'),
  ...implying('gull seagull penguin', 'animal wildlife bird seabird'),
  ...implying('parrot chicken rooster', 'animal wildlife bird pet poultry'),
  ...implying('sparrow robin pigeon crow raven flamingo peacock stork heron', 'animal wildlife bird'),
  ...implying('fish', 'animal'),
  ...implying('butterfly bee', 'animal insect invertebrate'),
  ...implying('painting drawing sketch illustration', 'art artwork visual drawing'),
  ...implying('car bus truck van bicycle motorcycle train', 'vehicle land transport transportation'),
]);

function implying(words: string, implied: string): [string, string[]][] {
  return words.split(' ').map((word) => [word, implied.split(' ')]);
}

function stem(word: string): string {
  const plain = word.toLowerCase().replace(/['’]s?$/, '');
  const singular = PLURALS.get(plain) ?? singularOf(plain);
  return SYNONYMS.get(plain) ?? SYNONYMS.get(singular) ?? singular;
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

/** A number, in words or digits. */
export function isCount(word: string): boolean {
  return /^(?:one|two|three|four|five|six|seven|eight|nine|ten|several|many|\d+)$/i.test(word);
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

/** "3 cars", "2 people", "2 kitchen knives". */
export function counted(count: number, noun: string): string {
  if (count === 1) return noun;
  const last = noun.slice(noun.lastIndexOf(' ') + 1);
  const irregular = PLURAL_OF.get(last.toLowerCase());
  if (irregular !== undefined) return `${count} ${noun.slice(0, -last.length)}${irregular}`;
  if (!/[a-z]$/i.test(noun) || singularOf(noun) !== noun) return `${count} ${noun}`;
  if (/[^aeiou]y$/.test(noun)) return `${count} ${noun.slice(0, -1)}ies`;
  return `${count} ${noun}${/(?:s|ch|sh|x|z)$/.test(noun) ? 'es' : 's'}`;
}

/** "a", "a and b", "a, b and c". */
export function listWords(items: readonly string[]): string {
  if (items.length < 2) return items.join('');
  return `${items.slice(0, -1).join(', ')} and ${items.slice(-1).join('')}`;
}
