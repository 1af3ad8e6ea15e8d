import type { Fact } from '../document.ts';
import { cutAtWord, isReadable } from '../safe-text.ts';
import { MONOCHROME, NEAR_MONOCHROME } from '../vocabulary.ts';
import { isAction } from './actions.ts';
import { readCaption } from './caption.ts';
import { COLORLESS, contradiction, withoutHues } from './contradictions.ts';
import type { Phrases } from './phrases.ts';
import type { SceneFact } from './scene.ts';
import { counted } from './words.ts';

/** Below this a provider is guessing. Captions get lower marks than tags for being right. */
const FLOORS: Partial<Record<Fact['kind'], number>> = {
  caption: 0.3,
  region: 0.5,
  tag: 0.5,
  object: 0.5,
  people: 0.5,
};

const SENTENCE_LENGTH = 300;
const TAG_LENGTH = 60;
const LINE_LENGTH = 60;

/** Tags that name the medium or a class of things: true, and no help to anyone who draws. */
const GENERAL =
  /^(?:text|font|images?|pictures?|photos?|photograph|(?:stock |still life )?photography|snapshot|mammal|carnivore|vertebrate|land vehicle|felidae|canidae|canis|(?:terrestrial|domestic) animal|small to medium-sized cats|(?:dog|cat) breed|companion dog|multimedia|operating system|number)$/i;

const SETTINGS: ReadonlyMap<string, string> = new Map([
  ['outdoor', 'outdoors'],
  ['outdoors', 'outdoors'],
  ['indoor', 'indoors'],
  ['indoors', 'indoors'],
  ['night', 'at night'],
  ['daytime', 'by day'],
  ['sunrise', 'at sunrise'],
  ['sunset', 'at sunset'],
  ['dusk', 'at dusk'],
  ['dawn', 'at dawn'],
  ['winter', 'in winter'],
  ['summer', 'in summer'],
  ['autumn', 'in autumn'],
]);

type Told = Pick<SceneFact, 'text' | 'index'>;

/** The subject first, from the best sentence there is; then what the sentence does not say. */
export function readSeen(facts: readonly SceneFact[], phrases: Phrases): void {
  const looks = facts.filter(({ kind }) => kind === 'light' || kind === 'composition');
  const measured = new Set(looks.map(({ text }) => text));
  const credible = (kind: Fact['kind']) =>
    facts.filter((fact) => fact.kind === kind).flatMap((fact) => credited(fact, measured, phrases));

  for (const sentence of [...credible('caption'), ...credible('region')]) readSentence(sentence, phrases);
  for (const { text, index } of credible('people')) {
    phrases.addNew('detail', text, [index], { about: 'person' });
  }
  for (const group of groups(credible('object'))) {
    const text = counted(group.indexes.length, group.text);
    phrases.addNew('detail', text, group.indexes, { about: group.text });
  }
  // Measured before tags are read, so that the tag "blue" is heard as more evidence for "deep blue".
  for (const { kind, text, index } of facts) {
    if (kind === 'light' || kind === 'palette') phrases.add(kind, text, [index]);
  }
  for (const { text, index } of credible('tag')) readTag({ text, index }, measured, phrases);
  if (!phrases.has('subject')) phrases.merge(3, 'detail', 'subject');
}

/** Text in the image is quoted, and only what reads as a word or a number is worth quoting. */
export function readLettering(facts: readonly SceneFact[], phrases: Phrases): void {
  for (const { kind, text, index } of facts) {
    if (kind !== 'text') continue;
    if (!/[\p{L}\p{N}]{2}/u.test(text)) phrases.drop(text, 'not legible', [index]);
    else if (text.length > LINE_LENGTH) phrases.drop(text, 'too long to be drawn as lettering', [index]);
    else phrases.add('lettering', `"${text.replace(/["“”„«»]/g, "'")}"`, [index]);
  }
}

function credited(fact: SceneFact, measured: ReadonlySet<string>, phrases: Phrases): SceneFact[] {
  const { kind, text, index, confidence } = fact;
  const drop = (reason: string) => {
    phrases.drop(text, reason, [index]);
    return [];
  };
  if (confidence !== null && confidence < (FLOORS[kind] ?? 0)) return drop('low confidence');
  const against = contradiction(text, measured);
  if (against !== null) return drop(against);
  if (!measured.has(MONOCHROME)) return [fact];
  const colorless = withoutHues(text);
  if (colorless.removed.length === 0) return [fact];
  phrases.drop(colorless.removed.join(', '), 'the pixels have no color', [index]);
  return isReadable(colorless.text) ? [{ ...fact, text: colorless.text }] : [];
}

function readSentence({ kind, text: sentence, index }: SceneFact, phrases: Phrases): void {
  const { text, shot } = readCaption(sentence);
  const short = shortened(text, SENTENCE_LENGTH, index, phrases);
  if (!phrases.has('subject')) phrases.add('subject', short, [index]);
  // A sentence about a part that is mostly said already would say it twice.
  else phrases.addNew('detail', short, [index], { newShare: 0.4 });
  if (shot !== null && kind === 'caption') phrases.add('shot', shot, [index]);
}

function readTag({ text: tag, index }: Told, measured: ReadonlySet<string>, phrases: Phrases): void {
  const setting = SETTINGS.get(tag.toLowerCase());
  const text = shortened(tag, TAG_LENGTH, index, phrases);
  if (GENERAL.test(tag)) phrases.drop(tag, 'says nothing a prompt can use', [index]);
  else if (COLORLESS.test(tag))
    phrases.add('light', measured.has(NEAR_MONOCHROME) ? NEAR_MONOCHROME : MONOCHROME, [index]);
  else if (setting !== undefined) phrases.addNew('setting', setting, [index]);
  else phrases.addNew(isAction(tag) ? 'action' : 'detail', text, [index]);
}

function shortened(text: string, maxLength: number, index: number, phrases: Phrases): string {
  const short = cutAtWord(text, maxLength);
  const rest = text.slice(short.length).trim();
  if (rest !== '') phrases.drop(rest, 'the sentence is too long', [index]);
  return short.replace(/[\s.,;:!?-]+$/, '') || short;
}

/** Three findings of a car are "3 cars". */
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
  return /^\p{Lu}\p{Ll}+$/u.test(text) ? text.toLowerCase() : text;
}
