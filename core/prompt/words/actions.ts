import { isOnlyHue } from './hues.ts';
import { isCount, isStopWord } from './stems.ts';

/**
 * What is being done in a picture. A word in -ing is more often a thing ("parking", "a swimming pool") or tells which
 * one ("a fishing boat"), so only those that taggers and captions say of someone are heard.
 */
const ACTIONS = new Set(
  `sitting standing walking running jumping lying laying kneeling crouching leaning holding wearing carrying pushing
  pulling looking watching pointing smiling laughing crying talking eating sleeping resting posing waiting playing
  flying floating grazing hanging throwing catching kicking hitting hugging kissing chasing`.split(/\s+/),
);

/** These are the names of pastimes too: done only where a sentence goes on to say where or what with. */
const PASTIMES = new Set(
  'swimming fishing riding driving sailing surfing skiing skating climbing dancing cooking reading drinking'.split(
    ' ',
  ),
);

export function isAction(word: string): boolean {
  return ACTIONS.has(word.toLowerCase());
}

/** "a man riding a bicycle" is a man, and what he does. `action` is empty where nothing is clearly being done. */
export function acting(sentence: string): { readonly what: string; readonly action: string } {
  const words = sentence.split(' ');
  const at = words.findIndex((word, index) => isDone(word, words[index - 1], words[index + 1]));
  return at < 0
    ? { what: sentence, action: '' }
    : { what: words.slice(0, at).join(' '), action: words.slice(at).join(' ') };
}

/** After a noun, and not before one: "a walking stick" is not walking, and "a man walking" is. */
function isDone(word: string, before = '', after = ''): boolean {
  const pastime = PASTIMES.has(word.toLowerCase());
  if (!pastime && !isAction(word)) return false;
  if (!/\p{L}$/u.test(before) || isStopWord(before) || isCount(before)) return false;
  if (isOnlyHue(before.toLowerCase())) return false;
  if (/^(?:wearing|holding)$/i.test(word)) return true;
  if (after === '') return !pastime;
  return isStopWord(after) && !/^(?:and|or)$/i.test(after);
}
