import type { Composition } from '../../image/image.ts';
import type { Box } from '../../vision/vision.ts';
import {
  BLUE_HOUR,
  COOL_LIGHT,
  cameraPart,
  compositionPart,
  EMPTY_SURFACE,
  GOLDEN_HOUR,
  MONOCHROME,
  placeWords,
  SMOOTH_GRADATIONS,
  WARM_LIGHT,
  weightedPlace,
} from '../vocabulary.ts';
import type { Phrases } from './phrases.ts';
import type { SceneFact } from './scene-fact.ts';

/** Composition and camera: measured, or said by the camera itself. */
export function readMeasured(facts: readonly SceneFact[], phrases: Phrases): void {
  const composition = facts.filter(({ kind }) => kind === 'composition');
  const subject = largestSubject(facts);
  const something = phrases.has('subject') || phrases.has('lettering');
  for (const { text, index, source } of composition) {
    const part = compositionPart(text);
    if (source === 'vision') phrases.drop(text, 'a way to crop the picture, not part of it', [index]);
    else if (something && (text === EMPTY_SURFACE || text === SMOOTH_GRADATIONS)) {
      phrases.drop(text, 'something was seen on it', [index]);
    } else if (part !== 'place' || !subject) phrases.add(part, text, [index]);
    else if (weightedPlace(text) === subject.place) phrases.add('place', placed(subject.place), [index]);
    else phrases.drop(text, `the subject was found ${subject.place}`, [index]);
  }
  if (subject) phrases.add('place', placed(subject.place), [subject.index]);
  readCamera(
    facts.filter(({ kind }) => kind === 'camera'),
    phrases,
  );
}

/**
 * Warm light at sunrise or sunset is golden hour, cool light then is blue hour. Both the colour and the hour are needed:
 * a brick wall at noon is as warm.
 */
export function nameLight(phrases: Phrases): void {
  if (phrases.of('palette').length === 1) {
    phrases.retract('light', MONOCHROME, 'the palette has one color, and names it');
  }
  const named = new Set(phrases.of('light').map(({ text }) => text));
  if (named.has(GOLDEN_HOUR)) phrases.retract('light', WARM_LIGHT, 'golden hour says it');
  if (named.has(BLUE_HOUR)) phrases.retract('light', COOL_LIGHT, 'blue hour says it');
  const hours = ['sunset', 'sunrise', 'dusk'].filter((hour) => phrases.says(hour));
  if (
    hours.length === 0 ||
    phrases.says('indoor') ||
    phrases.of('light').some(({ text }) => text === MONOCHROME)
  ) {
    return;
  }
  const evidence = hours.flatMap((hour) => phrases.saying(hour));
  phrases.reword('light', WARM_LIGHT, GOLDEN_HOUR, evidence);
  if (hours.includes('dusk') || hours.includes('sunrise')) {
    phrases.reword('light', COOL_LIGHT, BLUE_HOUR, evidence);
  }
}

function placed(place: string): string {
  return place === placeWords('center') ? 'subject centered' : `subject ${place}`;
}

/** Where the middle of a box lies, in thirds. */
function placeOf({ x, y, w, h }: Box): string {
  const columns = ['left', 'center', 'right'] as const;
  const rows = ['top', 'center', 'bottom'] as const;
  const column = columns[third(x + w / 2)] ?? 'center';
  const row = rows[third(y + h / 2)] ?? 'center';
  const place: Composition['subject'] =
    row === 'center' ? column : column === 'center' ? row : `${row}-${column}`;
  return placeWords(place);
}

function third(at: number): number {
  return Math.min(2, Math.max(0, Math.floor(at * 3)));
}

/** Something that fills most of the frame is nowhere in particular. */
function largestSubject(facts: readonly SceneFact[]): { place: string; index: number } | null {
  let found: { place: string; index: number } | null = null;
  let largest = 0.02;
  for (const { kind, box, confidence, index } of facts) {
    if ((kind !== 'object' && kind !== 'people') || box === null || (confidence ?? 1) < 0.5) continue;
    const area = box.w * box.h;
    if (area <= largest) continue;
    largest = area;
    found = { place: placeOf(box), index };
  }
  return largest > 0.6 ? null : found;
}

function readCamera(facts: readonly SceneFact[], phrases: Phrases): void {
  const focal = facts.find(({ text }) => cameraPart(text) === 'focalLength');
  // Behind a phone's small sensor 5 mm is a normal view and f/1.8 is deep focus: as words they would mislead.
  const small = focal !== undefined && Number.parseFloat(focal.text) < 10;
  for (const { text, index } of facts) {
    const part = cameraPart(text);
    if (part === 'body') phrases.add('body', text, [index]);
    else if (part !== 'focalLength' && part !== 'aperture') {
      phrases.drop(text, 'cannot be seen in the picture', [index]);
    } else if (small) phrases.drop(text, 'means something else behind a small sensor', [index]);
    else phrases.add('optics', text, [index]);
  }
}
