import type { Phrase } from '../scene/phrases.ts';
import type { Scene } from '../scene/scene.ts';
import { MONOCHROME } from '../vocabulary.ts';
import { inSentence } from '../words/nouns.ts';
import { article } from '../words/plurals.ts';
import { listWords } from '../words/stems.ts';
import { joined } from './phrasing.ts';

/** Phrases that several targets say alike. Each is an empty list where nothing is known. */

/** "low-key, warm light with high contrast" */
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

/** "muted palette of burnt orange, deep navy and charcoal" */
export function palettePhrase(scene: Scene): Phrase[] {
  const tones = scene.of('tone');
  const colors = scene.of('palette');
  if (colors.length === 0) return joined(tones, listWords);
  const tone = tones.map(({ text }) => text.replace(/ colors$/, '')).join(', ');
  return joined([...tones, ...colors], (texts) => {
    const names = texts.slice(tones.length).map((name) => withoutTone(name, tone));
    const toned = tone === '' ? '' : `${tone} `;
    return names.length === 1
      ? `${toned}${names.join('')} throughout`
      : `${toned}palette of ${listWords([...new Set(names)])}`;
  });
}

/** "a palette of burnt orange and deep navy"; "vivid colors" takes no article */
export function paletteSentence(scene: Scene): Phrase[] {
  return palettePhrase(scene).map((phrase) =>
    /^(?:[a-z]+ )*palette of /.test(phrase.text) ? { ...phrase, text: `a ${phrase.text}` } : phrase,
  );
}

/** In a muted palette teal need not be called muted again. */
export function withoutTone(name: string, tone: string): string {
  return tone !== '' && name.startsWith(`${tone} `) ? name.slice(tone.length + 1) : name;
}

/** "shot at 85 mm, f/1.8" or "shot on a Canon EOS R5 at 85 mm, f/1.8"; of an unknown camera "photograph" */
export function cameraPhrase(scene: Scene): Phrase[] {
  const bodies = scene.of('body');
  const optics = scene.of('optics');
  if (bodies.length + optics.length === 0) {
    return scene.photographed.length > 0 ? [{ text: 'photograph', evidence: scene.photographed }] : [];
  }
  return joined([...bodies, ...optics], (texts) => {
    const on = bodies.map(({ text }) => ` on ${article(text)} ${text}`);
    const lens = texts.slice(bodies.length).join(', ');
    return `shot${on.join(' and')}${lens === '' ? '' : ` at ${lens}`}`;
  });
}

/** `the text "OPEN" and "24 HOURS"` */
export function letteringPhrase(scene: Scene): Phrase[] {
  return joined(scene.of('lettering'), (texts) => `the text ${listWords(texts)}`);
}

/** `the text "OPEN" is written in the picture` */
export function letteringSentence(scene: Scene, done: string): Phrase[] {
  return joined(scene.of('lettering'), (texts) =>
    texts.length === 1
      ? `the text ${texts.join('')} ${/^can /.test(done) ? done : `is ${done}`}`
      : `the lines ${listWords(texts)} ${/^can /.test(done) ? done : `are ${done}`}`,
  );
}

/** "a road, sky and two traffic lights": details as a sentence lists them */
export function detailList(scene: Scene): Phrase[] {
  return joined(scene.of('detail'), (texts) => listWords(texts.map(inSentence)));
}

/** Who or what is where, doing what, seen how: "close-up of a cat on a sofa, sleeping, at night". */
export function subjectPhrase(scene: Scene): Phrase[] {
  const subject = scene.of('subject');
  const action = scene.of('action');
  const setting = scene.of('setting');
  if (subject.length === 0) {
    return joined([...action, ...setting], (texts) => texts.join(', ')).flatMap((phrase) =>
      pictured(scene, phrase),
    );
  }
  const what = joined([...subject, ...action], ([noun = '', ...actions]) => {
    const doing = listWords(actions);
    const name = scene.described ? noun : inSentence(noun);
    // "a dog running", but "a man in a park, running"
    return doing === '' ? name : `${name}${name.split(' ').length <= 3 ? '' : ','} ${doing}`;
  });
  const seen = joined([...scene.of('shot'), ...what], (texts) => texts.join(' of '));
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

/** "subject on the right, with generous negative space and soft focus" */
export function compositionPhrase(scene: Scene): Phrase[] {
  const space = joined(scene.of('space'), listWords);
  return joined([...joined(scene.of('place'), listWords), ...space], (texts) => texts.join(', with '));
}
