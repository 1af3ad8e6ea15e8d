import type { Fact } from './document.ts';
import { cutAtWord } from './safe-text.ts';
import { sentenceCase } from './scene/caption.ts';
import { readScene } from './scene/scene.ts';
import { listWords } from './scene/words.ts';

const MAX_LENGTH = 125;

/**
 * What the image shows, for those who do not see it: at most 125 characters, nothing about style. Where nobody
 * looked at the image it says no more than its colours.
 */
export function altText(facts: readonly Fact[]): string {
  const scene = readScene(facts);
  const subject = scene.of('subject').map(({ text }) => text);
  const lettering = scene.of('lettering').slice(0, 1);
  const colors = scene.of('palette').slice(0, 2);
  const medium = scene.photographed.length > 0 ? 'Photograph' : 'Image';
  const texts = (phrases: readonly { readonly text: string }[]) => listWords(phrases.map(({ text }) => text));
  const known =
    subject.length > 0
      ? subject.join('')
      : lettering.length > 0
        ? `${medium} with the text ${texts(lettering)}`
        : colors.length > 0
          ? `${medium}, mostly ${texts(colors)}`
          : medium;
  return cutAtWord(sentenceCase(known), MAX_LENGTH).replace(/[\s,;:-]+$/, '');
}
