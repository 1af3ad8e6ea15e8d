import type { Phrase } from '../scene/phrases.ts';
import type { Scene } from '../scene/scene.ts';
import { listWords } from '../scene/words.ts';
import { MONOCHROME } from '../vocabulary.ts';
import { joined } from './target.ts';

/** Phrases that several targets say alike. Each is an empty list where nothing is known. */

/** "low-key, warm light with high contrast and muted colors" */
export function lightPhrase(scene: Scene): Phrase[] {
  return joined(scene.of('light'), (texts) => {
    const lights = texts
      .filter((text) => text.endsWith(' light'))
      .map((text) => text.slice(0, -' light'.length));
    const rest = texts.filter((text) => !text.endsWith(' light') && text !== MONOCHROME);
    const head = [
      ...(texts.includes(MONOCHROME) ? [MONOCHROME] : []),
      ...(lights.length > 0 ? [`${lights.join(', ')} light`] : []),
    ].join(', ');
    return [head, listWords(rest)].filter((text) => text !== '').join(' with ');
  });
}

/** "palette of burnt orange, deep navy and charcoal" */
export function palettePhrase(scene: Scene): Phrase[] {
  return joined(scene.of('palette'), (texts) => `palette of ${listWords(texts)}`);
}

/** "shot at 85 mm, f/1.8" or "shot on a Canon EOS R5 at 85 mm, f/1.8" */
export function cameraPhrase(scene: Scene): Phrase[] {
  const bodies = scene.of('body');
  return joined([...bodies, ...scene.of('optics')], (texts) => {
    const on = bodies.map(({ text }) => ` on ${/^[aeio]/i.test(text) ? 'an' : 'a'} ${text}`);
    const optics = texts.slice(bodies.length).join(', ');
    return `shot${on.join(' and')}${optics === '' ? '' : ` at ${optics}`}`;
  });
}

/** `the text "OPEN" and "24 HOURS"` */
export function letteringPhrase(scene: Scene): Phrase[] {
  return joined(scene.of('lettering'), (texts) => `the text ${listWords(texts)}`);
}

/** Who or what is where, doing what, seen how: "close-up of a cat on a sofa, indoors, sleeping". */
export function subjectPhrase(scene: Scene): Phrase[] {
  const subject = scene.of('subject');
  const setting = joined(scene.of('setting', 'action'), (texts) => texts.join(', '));
  if (subject.length === 0) return setting.flatMap((phrase) => pictured(scene, phrase));
  const seen = joined([...scene.of('shot'), ...subject], (texts) => texts.join(' of '));
  return joined([...seen, ...setting], (texts) => texts.join(', '));
}

/** "a photograph in portrait format": a picture of which only its looks are known. */
export function pictured(scene: Scene, looks: Phrase): Phrase[] {
  const medium = {
    text: scene.photographed.length > 0 ? 'a photograph' : 'an image',
    evidence: scene.photographed,
  };
  return joined([medium, looks], (texts) => texts.join(' '));
}

/** "detail gathered on the right, generous negative space and soft focus" */
export function compositionPhrase(scene: Scene): Phrase[] {
  return joined(scene.of('place', 'space'), listWords);
}
