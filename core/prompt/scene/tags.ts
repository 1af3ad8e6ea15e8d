import { MONOCHROME, NEAR_MONOCHROME } from '../vocabulary.ts';
import { acting, isAction } from '../words/actions.ts';
import { isThing } from '../words/nouns.ts';
import { kindOf, lookOf, namesKind, type PictureKind } from '../words/pictures.ts';
import { contentWords } from '../words/stems.ts';
import { isGeneral, type Setting, settingOf, settingsSaid } from '../words/tags.ts';
import { COLORLESS } from './contradictions.ts';
import type { Phrases } from './phrases.ts';
import type { SceneFact } from './scene-fact.ts';

interface Reading {
  readonly measured: ReadonlySet<string>;
  readonly phrases: Phrases;
  /** Whether a camera took the image. */
  readonly camera: boolean;
}

/** A tag as what it is: where or when, what is being done, how the picture looks, or a thing in it. */
export function readTag(
  { text: tag, index, confidence }: SceneFact,
  { measured, phrases, camera }: Reading,
): void {
  const setting = settingOf(tag);
  const kind = kindOf(tag);
  const look = lookOf(tag);
  if (isGeneral(tag)) phrases.drop(tag, 'says nothing a prompt can use', [index]);
  else if (COLORLESS.test(tag)) {
    if (measured.has(NEAR_MONOCHROME)) phrases.add('tone', NEAR_MONOCHROME, [index]);
    else phrases.add('light', MONOCHROME, [index]);
  } else if (setting !== undefined) readSetting({ tag, index, confidence }, setting, phrases);
  else if (kind !== undefined) readKind(tag, kind, { index, phrases, camera });
  else if (look !== undefined) phrases.add(look.part, look.text, [index]);
  else if (isAction(tag)) readAction(tag, index, phrases);
  else readThing(tag, { index, confidence, phrases });
}

/** A caption that says what is being done has said it better. */
function readAction(tag: string, index: number, phrases: Phrases): void {
  const [subject] = phrases.of('subject');
  if (subject && acting(subject.text).action !== '') phrases.add('subject', subject.text, [index]);
  else phrases.addNew('action', tag, [index]);
}

/** Beside a caption, a tag needs to be surer than on its own: what it adds was not worth mentioning to who wrote that. */
const SURE = 0.7;

const UNSURE = 'not sure enough beside a caption';

function unsure(confidence: number | null, phrases: Phrases): boolean {
  return confidence !== null && confidence < SURE && phrases.has('subject');
}

/** A tag's last word is the thing: an athletic shoe is said where there are shoes, and a watch accessory by a watch. */
function readThing(
  tag: string,
  { index, confidence, phrases }: Pick<SceneFact, 'index' | 'confidence'> & { readonly phrases: Phrases },
): void {
  const words = contentWords(tag).filter((word) => !isGeneral(word));
  const about = words.at(-1) ?? tag;
  if (unsure(confidence, phrases) && !phrases.says(about)) {
    phrases.drop(tag, UNSURE, [index]);
  } else phrases.addNew(isThing(tag) ? 'detail' : 'topic', tag, [index], { about });
}

/** Taggers list dusk, sunset and evening of one sky, and indoor and outdoor of one terrace: the first is right most often. */
function readSetting(
  { tag, index, confidence }: Pick<SceneFact, 'index' | 'confidence'> & { readonly tag: string },
  setting: Setting,
  phrases: Phrases,
): void {
  const guessed = setting.group === 'venue' || setting.group === 'season' || setting.group === 'weather';
  const told = phrases.of('subject', 'setting', 'detail').flatMap(({ text }) => settingsSaid(text));
  const [other] = told.filter(({ group }) => group === setting.group);
  const [stem = ''] = contentWords(tag);
  if (guessed && unsure(confidence, phrases) && !phrases.says(stem)) {
    phrases.drop(tag, UNSURE, [index]);
  } else if (other !== undefined && other.text !== setting.text) {
    phrases.drop(tag, `the picture is ${other.text}`, [index]);
  } else if (stem === 'indoor' && phrases.says('outdoor')) {
    phrases.drop(tag, 'the picture is outdoors', [index]);
  } else if (stem === 'outdoor' && phrases.says('indoor')) {
    phrases.drop(tag, 'the picture is indoors', [index]);
  } else phrases.addNew('setting', setting.text, [index], { about: tag });
}

/** One kind of picture is enough, and a caption that names it knows best. */
function readKind(
  tag: string,
  kind: PictureKind,
  { index, phrases, camera }: Omit<Reading, 'measured'> & { readonly index: number },
): void {
  const [subject] = phrases.of('subject');
  const [shot] = phrases.of('shot');
  if (subject && namesKind(subject.text)) phrases.add('subject', subject.text, [index]);
  else if (kind.drawn && camera) phrases.drop(tag, 'a camera took the picture', [index]);
  else if (shot && shot.text !== kind.text) phrases.drop(tag, `the picture is a ${shot.text}`, [index]);
  else phrases.add('shot', kind.text, [index]);
}
