/** One and many in English, as far as class names and tags need it. */

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

const NUMBERS = 'one two three four five six seven eight nine ten eleven twelve'.split(' ');

export function singularOf(word: string): string {
  const irregular = PLURALS.get(word);
  if (irregular !== undefined) return irregular;
  if (word.length < 4 || /(?:ss|us|is)$/.test(word)) return word;
  if (word.endsWith('ies') && word.length > 4) return `${word.slice(0, -3)}y`;
  if (/(?:ch|sh|x|z|ss)es$/.test(word)) return word.slice(0, -2);
  return word.endsWith('s') ? word.slice(0, -1) : word;
}

/** Small numbers are written as words, as in any sentence. */
export function numberWords(count: number): string {
  return NUMBERS[count - 1] ?? String(count);
}

/** "a car", "three cars", "two people", "two kitchen knives". */
export function counted(count: number, noun: string): string {
  return count === 1 ? withArticle(noun) : `${numberWords(count)} ${pluralOf(noun)}`;
}

/** "a car", "an apple"; "scissors" and what is not English stay as they are. */
export function withArticle(noun: string): string {
  if (!/^[a-z][a-z -]*$/.test(noun) || isPlural(noun)) return noun;
  return `${article(noun)} ${noun}`;
}

/** A user and a European begin with a consonant, an hour does not. */
export function article(noun: string): 'a' | 'an' {
  return /^(?:[ai]|e(?!u)|o(?!ne\b)|u(?!ni|s[ei]|ti|k)|hour)/i.test(noun) ? 'an' : 'a';
}

function isPlural(noun: string): boolean {
  const last = noun.slice(noun.lastIndexOf(' ') + 1);
  return last !== 'sheep' && last !== 'fish' && last !== 'deer' && singularOf(last) !== last;
}

function pluralOf(noun: string): string {
  const last = noun.slice(noun.lastIndexOf(' ') + 1);
  const irregular = PLURAL_OF.get(last.toLowerCase());
  if (irregular !== undefined) return `${noun.slice(0, noun.length - last.length)}${irregular}`;
  if (!/[a-z]$/i.test(noun) || singularOf(last) !== last) return noun;
  if (/[^aeiou]y$/.test(noun)) return `${noun.slice(0, -1)}ies`;
  return `${noun}${/(?:s|ch|sh|x|z)$/.test(noun) ? 'es' : 's'}`;
}
