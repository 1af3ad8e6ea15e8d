import type { Fact } from './document.ts';
import { cutAtWord } from './safe-text.ts';
import { sentenceCase } from './scene/caption.ts';
import { readScene, type Scene } from './scene/scene.ts';
import { withoutStyle } from './words/filler.ts';
import { inSentence } from './words/nouns.ts';
import { isStopWord, listWords } from './words/stems.ts';

const MAX_LENGTH = 125;

/**
 * What the image shows, for those who do not see it: at most 125 characters, nothing about style, no "image of", as the W3C
 * advises (https://www.w3.org/WAI/tutorials/images/). Where nobody looked at the image it says no more than its colours.
 */
export function altText(facts: readonly Fact[]): string {
  // What an image was made from is not always what it came to show.
  const seen = facts.filter(({ kind }) => kind !== 'recovered');
  return ended(sentenceCase(known(readScene(seen))));
}

function known(scene: Scene): string {
  const subject = scene.of('subject').map(({ text }) => withoutStyle(text));
  const lines = scene.of('lettering').map(({ text }) => text);
  const colors = scene
    .of('palette')
    .slice(0, 2)
    .map(({ text }) => text);
  const medium = scene.photographed.length > 0 ? 'Photograph' : 'Image';
  if (scene.described) return lettered(subject.join(''), lines);
  if (subject.length > 0) {
    const things = scene.of('detail').slice(0, 2);
    return listWords([...subject, ...things.map(({ text }) => text)].map(inSentence));
  }
  if (lines.length > 0) return `${medium} with the text ${lines[0]}`;
  return colors.length > 0 ? `${medium}, mostly ${listWords(colors)}` : medium;
}

/** What is there to be read: to see it without its words would be to miss it. */
const READ =
  /\b(?:sign|poster|billboard|banner|document|page|receipt|invoice|ticket|menu|label|map|screenshot|slide|cover|logo|note|newspaper|whiteboard|blackboard|interface)s?\b/i;

const MOST_LINES = 3;

/** "Q1" and "€ 1.2M" say nothing without their chart. Scripts without capitals have short words. */
const WORD = /\p{L}{3}|\p{Lo}/u;

/** With as many of the lines as there is room for. */
function lettered(subject: string, lines: readonly string[]): string {
  if (!READ.test(subject) || subject.includes('"')) return subject;
  const telling = lines.filter((line) => WORD.test(line)).slice(0, MOST_LINES);
  for (let count = telling.length; count > 0; count--) {
    const text = `${subject} with the text ${listWords(telling.slice(0, count))}`;
    if (text.length <= MAX_LENGTH) return text;
  }
  return subject;
}

/** No longer than allowed, and not ending in the middle of "on a". */
function ended(text: string): string {
  const words = wholeClauses(cutAtWord(text, MAX_LENGTH), text).split(' ');
  if (text.length > MAX_LENGTH) while (words.length > 1 && isStopWord(words.at(-1) ?? '')) words.pop();
  return words.join(' ').replace(/[\s,;:-]+$/, '');
}

const CLAUSE = /[,;] | (?:while|as|which|who|where|with) /g;

/** A clause that is cut says half of something, so it goes, where enough is left without it. */
function wholeClauses(cut: string, text: string): string {
  const last = [...cut.matchAll(CLAUSE)].at(-1)?.index ?? 0;
  return cut === text || last < MAX_LENGTH / 2 ? cut : cut.slice(0, last);
}
