import { cutAtWord } from '../safe-text.ts';
import { MONOCHROME, SOFT_FOCUS } from '../vocabulary.ts';
import { kindOf, lookOf } from '../words/pictures.ts';
import { counted, numberWords } from '../words/plurals.ts';
import { isBackdrop, isVenue } from '../words/tags.ts';
import { type ReadCaption, readCaption } from './caption.ts';
import { COLORLESS, isColored } from './contradictions.ts';
import { credible } from './credit.ts';
import { quotedIn } from './lettering.ts';
import { readPart } from './parts.ts';
import type { Phrases } from './phrases.ts';
import type { SceneFact } from './scene-fact.ts';
import { readTag } from './tags.ts';

const SENTENCE_LENGTH = 300;
const TAG_LENGTH = 60;

/** What the sentences say beside what is in the picture. */
export interface Seen {
  /** Whether a sentence gave the subject, so that it needs no details to be understood. */
  readonly described: boolean;
  /** The captions that speak of a photograph. */
  readonly photo: readonly number[];
}

/** The subject first, from the best sentence there is; then what the sentence does not say. */
export function readSeen(facts: readonly SceneFact[], phrases: Phrases): Seen {
  const looks = facts.filter(({ kind }) => kind === 'light' || kind === 'composition');
  const measured = new Set(looks.map(({ text }) => text));
  const camera = facts.some(({ kind }) => kind === 'camera');
  const reading = { measured, phrases, camera };
  const lettering = facts.filter(({ kind }) => kind === 'text');
  const photo: number[] = [];

  for (const sentence of [...credible(facts, 'caption', reading), ...credible(facts, 'region', reading)]) {
    const read = readCaption(sentence.text);
    readSentence({ ...sentence, text: quotedIn(read.text, lettering) }, read.shot, phrases);
    readLooks(read, sentence, reading);
    if (read.photo && sentence.kind === 'caption') photo.push(sentence.index);
  }
  const described = phrases.has('subject');
  for (const { text, index } of credible(facts, 'people', reading)) {
    phrases.addNew('detail', headcount(text), [index], { about: 'person' });
  }
  for (const group of groups(credible(facts, 'object', reading))) {
    const text = counted(group.indexes.length, group.text);
    phrases.addNew('detail', text, group.indexes, { about: group.text });
  }
  // Measured before tags are read, so that the tag "blue" is heard as more evidence for "deep blue".
  for (const { kind, text, index } of facts) {
    if (kind === 'light') phrases.add(/ colors$/.test(text) ? 'tone' : 'light', text, [index]);
    if (kind !== 'palette') continue;
    if (described && measured.has(MONOCHROME)) phrases.drop(text, 'black and white says it', [index]);
    else phrases.add('palette', text, [index]);
  }
  for (const tag of credible(facts, 'tag', reading)) {
    readTag({ ...tag, text: shortened(tag.text, TAG_LENGTH, tag.index, phrases) }, reading);
  }
  if (phrases.of('setting').some(({ text }) => isVenue(text))) {
    phrases.retract('setting', 'indoors', 'the place says it');
  }
  if (!described) {
    phrases.promote(phrases.has('detail') ? 'detail' : 'topic', 'subject', (text) => !isBackdrop(text));
  }
  return { described, photo };
}

function readSentence({ kind, text, index }: SceneFact, shot: string | null, phrases: Phrases): void {
  const short = shortened(text, SENTENCE_LENGTH, index, phrases);
  if (shot !== null && kind === 'caption') phrases.add('shot', shot, [index]);
  if (!phrases.has('subject')) {
    phrases.add('subject', short, [index]);
    return;
  }
  readPart(short, index, phrases);
}

/** "a black and white photo of": believed where the pixels agree. */
function readLooks(
  { looks }: ReadCaption,
  { index }: SceneFact,
  { measured, phrases }: { readonly measured: ReadonlySet<string>; readonly phrases: Phrases },
): void {
  for (const look of looks) {
    const kind = kindOf(look);
    const told = lookOf(look);
    if (kind) phrases.add('shot', kind.text, [index]);
    else if (told) phrases.add(told.part, told.text, [index]);
    else if (!COLORLESS.test(look)) {
      if (!(/^blur/.test(look) && measured.has(SOFT_FOCUS))) phrases.drop(look, 'not measured', [index]);
    } else if (isColored(measured)) phrases.drop(look, 'the pixels are in color', [index]);
    else phrases.add('light', MONOCHROME, [index]);
  }
}

function shortened(text: string, maxLength: number, index: number, phrases: Phrases): string {
  const short = cutAtWord(text, maxLength);
  const rest = text.slice(short.length).trim();
  if (rest !== '') phrases.drop(rest, 'the sentence is too long', [index]);
  return short.replace(/[\s.,;:!?-]+$/, '') || short;
}

/** "1 person" is a person, "3 people" are three. */
function headcount(text: string): string {
  const count = Number.parseInt(text, 10);
  if (count === 1) return 'a person';
  return Number.isNaN(count) ? text : text.replace(/^\d+/, numberWords(count));
}

/** Three findings of a car are "three cars". */
function groups(objects: readonly SceneFact[]): { text: string; indexes: number[] }[] {
  const byName = new Map<string, { text: string; indexes: number[] }>();
  for (const { text, index } of objects) {
    const name = text.toLowerCase();
    const group = byName.get(name);
    if (group) group.indexes.push(index);
    else byName.set(name, { text: cutAtWord(className(text), TAG_LENGTH), indexes: [index] });
  }
  return [...byName.values()];
}

/** Objects are of a class, which some services write with a capital. A tag may be a name, or a German noun. */
function className(text: string): string {
  return /^\p{Lu}\p{Ll}+(?: \p{Ll}+)*$/u.test(text) ? text.toLowerCase() : text;
}
