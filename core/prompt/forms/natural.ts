import type { Phrase } from '../scene/phrases.ts';
import type { Scene } from '../scene/scene.ts';
import { joined } from './phrasing.ts';
import type { Sentence } from './sentence-prompt.ts';
import {
  cameraPhrase,
  compositionPhrase,
  detailList,
  letteringSentence,
  lightPhrase,
  pictured,
  subjectPhrase,
} from './sentences.ts';

export interface Natural {
  /** What opens the prompt. */
  readonly opening: readonly Phrase[];
  readonly colors: readonly Phrase[];
}

/** Sentences in the order that the makers of FLUX advise: subject, surroundings, camera, light, colours. */
export function naturalSentences(scene: Scene, { opening, colors }: Natural): Sentence[] {
  const camera = cameraPhrase(scene).filter(({ text }) => text !== 'photograph');
  const light = usesLight(scene) ? [] : lightPhrase(scene);
  return [
    { phrases: opening, rank: 1 },
    { phrases: joined(detailList(scene), ([list]) => `the scene includes ${list}`), rank: 4 },
    { phrases: letteringSentence(scene, 'written in the picture'), rank: 5 },
    { phrases: camera, rank: 7 },
    { phrases: light, rank: 2 },
    { phrases: colors, rank: 3 },
    { phrases: compositionPhrase(scene), rank: 6 },
  ];
}

/** The subject; where none is known, a picture in its light. */
export function naturalOpening(scene: Scene): Phrase[] {
  if (usesLight(scene)) return lightPhrase(scene).flatMap((light) => pictured(scene, said(light)));
  const subject = subjectPhrase(scene);
  if (subject.length === 0) {
    return scene.photographed.length > 0 ? [{ text: 'a photograph', evidence: scene.photographed }] : [];
  }
  const untold = scene.of('body', 'optics').length === 0 && scene.of('subject').length > 0;
  return untold ? asPhotograph(scene, subject) : subject;
}

/** How a kind of shot is said of a photograph. */
const SHOTS: ReadonlyMap<string, string> = new Map([
  ['close-up', 'a close-up photograph'],
  ['macro shot', 'a macro photograph'],
  ['portrait', 'a portrait photograph'],
  ['selfie', 'a selfie'],
  ['aerial view', 'an aerial photograph'],
  ['panorama', 'a panoramic photograph'],
  ['still life', 'a still-life photograph'],
  ['cinematic shot', 'a cinematic photograph'],
]);

/** "a photograph of a cat", "a portrait photograph of a woman": for models that would as soon paint them. */
export function asPhotograph(scene: Scene, subject: readonly Phrase[]): Phrase[] {
  if (scene.photographed.length === 0 || scene.of('subject').length === 0) return [...subject];
  const shot = scene.of('shot')[0]?.text ?? '';
  const medium = { text: SHOTS.get(shot) ?? 'a photograph', evidence: scene.photographed };
  return joined([medium, ...subject], ([kind, text = '']) => {
    const what = SHOTS.has(shot) && text.startsWith(`${shot} of `) ? text.slice(`${shot} of `.length) : text;
    return `${kind} of ${what}`;
  });
}

function usesLight(scene: Scene): boolean {
  return subjectPhrase(scene).length === 0 && scene.of('light').length > 0;
}

function said(light: Phrase): Phrase {
  return { ...light, text: `in ${light.text}` };
}
