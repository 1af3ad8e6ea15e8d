import { acting } from '../words/actions.ts';
import { isThing } from '../words/nouns.ts';
import { singularOf } from '../words/plurals.ts';
import { contentWords, isStopWord } from '../words/stems.ts';
import { settingsSaid } from '../words/tags.ts';
import type { Phrases } from './phrases.ts';

/** A sentence about a part of the picture: what of it the subject does not say. */
export function readPart(sentence: string, index: number, phrases: Phrases): void {
  const [subject] = phrases.of('subject');
  const other = subject ? timeAgainst(sentence, subject.text) : null;
  const deed = subject ? ownAction(sentence, subject.text, phrases) : '';
  if (other !== null) phrases.drop(sentence, `the picture is ${other}`, [index]);
  else if (deed !== '' && (sameDeed(deed, phrases) || trails(deed, subject?.text ?? ''))) {
    phrases.addNew('detail', aim(deed), [index], { newShare: 0.4 });
  } else if (deed !== '') phrases.addNew('action', deed, [index], { newShare: 0.4 });
  // A sentence that is mostly said already would say it twice.
  else {
    const { text, about } = newPart(sentence, phrases);
    phrases.addNew('detail', text, [index], { newShare: 0.4, about });
  }
}

/** The time of day that the subject is said to have, where the sentence says another. */
function timeAgainst(sentence: string, subject: string): string | null {
  const times = (text: string) => settingsSaid(text).filter(({ group }) => group === 'time');
  const [told] = times(subject);
  if (told === undefined) return null;
  return times(sentence).some(({ text }) => text !== told.text) ? told.text : null;
}

const SOMEONE = 'person|man|woman|boy|girl|child|baby';
const ALONE = new RegExp(`^(?:an?|the) (?:[\\p{L}-]+ ){0,2}(?:${SOMEONE})\\b`, 'iu');
const SINGLE = new RegExp(`^(?:an?|the) (?:${SOMEONE})$`, 'i');

/** "a person holding a pan" beside "a man cooking" is no second person, but what he does; "a tent lit up" is the same tent. */
function ownAction(sentence: string, subject: string, phrases: Phrases): string {
  const [opening = ''] = /^(?:an?|the) [\p{L}-]+ (?!and |of )/iu.exec(sentence) ?? [];
  const rest = sentence.slice(opening.length);
  const [next = ''] = rest.split(' ', 1);
  const told = isStopWord(next) || /(?:ing|ed|lit)$/i.test(next);
  if (opening !== '' && told && subject.toLowerCase().startsWith(opening.toLowerCase())) {
    const repeated = contentWords(rest).every((word) => phrases.says(word)) || sameAim(rest, phrases);
    return repeated ? '' : posture(rest, subject, phrases);
  }
  const { what, action } = acting(sentence);
  const isSaid = (text: string) => contentWords(text).every((word) => phrases.says(word));
  if (action === '' || !isSaid(what)) return '';
  if (ALONE.test(subject) && SINGLE.test(what)) return action;
  return sameOne(what, acting(subject).what) ? posture(action, subject, phrases) : '';
}

/** "on the railway tracks" behind "on the tracks" */
function sameAim(deed: string, phrases: Phrases): boolean {
  const aimed = contentWords(deed).at(-1) ?? '';
  return phrases.of('action').some(({ text }) => contentWords(text).at(-1) === aimed);
}

/** A cat that sleeps on the sofa need not lie on it too, and a woman at a table is sitting, but not at it once more. */
function posture(deed: string, subject: string, phrases: Phrases): string {
  const [verb] = /^(?:sitting|standing|lying|laying|resting|sleeping)(?= )/i.exec(deed) ?? [];
  const place = contentWords(aim(deed));
  if (verb === undefined || place.some((word) => !phrases.says(word))) return deed;
  return acting(subject).action === '' ? verb : '';
}

/** "hiker" is the "lone hiker" that the picture is about; "two dogs" and "another dog" are not the dog. */
function sameOne(what: string, subject: string): boolean {
  const [one, other] = [what, subject].map((text) => {
    const words = text.replace(/^(?:an?|the) /i, '').split(' ');
    const last = words.at(-1)?.toLowerCase() ?? '';
    const single = words.length <= 3 && !words.some(isStopWord) && singularOf(last) === last;
    return single && !/^another$/i.test(words[0] ?? '') ? contentWords(last).join('') : '';
  });
  return one !== '' && one === other;
}

/** Behind so many words it would be the mountains in the background that are "wearing a backpack". */
const LONG_SUBJECT = 12;

function trails(deed: string, subject: string): boolean {
  return subject.split(' ').length > LONG_SUBJECT && /^(?:wearing|holding|carrying) /i.test(deed);
}

function sameDeed(deed: string, phrases: Phrases): boolean {
  const [verb = ''] = deed.split(' ', 1);
  return verb.endsWith('ing') && contentWords(verb).every((word) => phrases.says(word));
}

/** "lying on a white blanket" beside "lying on a bed" tells of a white blanket. */
function aim(deed: string): string {
  return deed.replace(/^\S+ (?:(?:on|in|at|with|under|by) )?/, '') || deed;
}

/**
 * "a red boat with a white cabin" beside "a red boat in a harbour" tells of a white cabin, "a pillow on a sofa" beside a
 * sofa of a pillow, and "a sunset over a mountain" beside a sunset of a mountain.
 */
function newPart(sentence: string, phrases: Phrases): { readonly text: string; readonly about: string } {
  const isSaid = (text: string) => {
    const words = contentWords(text);
    return words.length > 0 && words.every((word) => phrases.says(word));
  };
  const [, owner = '', owned = ''] = /^(.+?) with (.+)$/i.exec(sentence) ?? [];
  // "a crowd with their hands up": apart from the crowd they are nobody's.
  if (isSaid(owner)) return { text: owned.replace(/^(?:their|his|her|its) (?=.)/i, ''), about: owned };
  if (isSaid(owned)) return { text: owner, about: owner };
  const [, thing = '', where = ''] = /^(.+) (?:on|in|at|over) (.+)$/i.exec(sentence) ?? [];
  const nowhere = /^the (?:background|foreground|distance)$/i.test(where);
  if (thing !== '' && (nowhere || isSaid(where))) return { text: thing, about: acting(thing).what };
  // "in the middle" and "in his hand" are no things beside it, and a boy in a striped shirt stays in it.
  const other = /^(?:an? |the )(?!.* of )/i.test(where) && isThing(where) && !ALONE.test(thing);
  return isSaid(thing) && other ? { text: where, about: where } : { text: sentence, about: sentence };
}
