import type { Analysis, Box, Finding } from '../vision.ts';

/** The service says many things twice; what a prompt is made of should have each once. */

/** Shares of what two findings have of all they have together; above both, they are about the same thing. */
const SAME_WORDS = 0.6;
const SAME_BOX = 0.6;

const WHOLE_IMAGE: Box = { x: 0, y: 0, w: 1, h: 1 };

/**
 * Dense captions without those that repeat the caption or each other: in the same words, or in most of them about mostly
 * the same part of the image. The more confident of two stays. The first one of an answer is the caption itself.
 */
export function distinctRegions(regions: readonly Finding[], caption: Analysis['caption']): Finding[] {
  const said = caption ? [{ ...caption, box: WHOLE_IMAGE }] : [];
  const others = regions.filter((region) => !said.some((other) => isSameSentence(region, other)));
  return distinct(others, isSameSentence);
}

/** Objects that were found once: several of a kind stay, in boxes of their own. */
export function distinctObjects(objects: readonly Finding[]): Finding[] {
  return distinct(objects, (a, b) => nameOf(a) === nameOf(b) && overlap(a.box, b.box) >= SAME_BOX);
}

/** Tags without those that an object has, which says where it is, too. */
export function distinctTags(tags: readonly Finding[], objects: readonly Finding[]): Finding[] {
  const named = new Set(objects.map(nameOf));
  return distinct(
    tags.filter((tag) => !named.has(nameOf(tag))),
    (a, b) => nameOf(a) === nameOf(b),
  );
}

/** The service writes objects "Laptop", tags "laptop". */
function nameOf({ text }: Finding): string {
  return text.toLowerCase();
}

/** In their order, each in the place of the first that is like it. */
function distinct(findings: readonly Finding[], isSame: (a: Finding, b: Finding) => boolean): Finding[] {
  const kept: Finding[] = [];
  for (const finding of findings) {
    const at = kept.findIndex((other) => isSame(other, finding));
    const other = kept[at];
    if (other === undefined) kept.push(finding);
    else if ((finding.confidence ?? 0) > (other.confidence ?? 0)) kept[at] = finding;
  }
  return kept;
}

function isSameSentence(a: Finding, b: Finding): boolean {
  const [left, right] = [wordsOf(a.text), wordsOf(b.text)];
  if (left.join(' ') === right.join(' ')) return true;
  return sharedShare(new Set(left), new Set(right)) >= SAME_WORDS && overlap(a.box, b.box) >= SAME_BOX;
}

function wordsOf(sentence: string): readonly string[] {
  const words = sentence.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  return words.filter((word) => !['a', 'an', 'the'].includes(word));
}

/** The Jaccard index: size of the intersection over size of the union. */
function sharedShare(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const shared = [...a].filter((word) => b.has(word)).length;
  return shared === 0 ? 0 : shared / (a.size + b.size - shared);
}

/** The same of two areas: intersection over union. */
function overlap(a: Box | null, b: Box | null): number {
  if (a === null || b === null) return 0;
  const width = Math.min(a.x + a.w, b.x + b.w) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.h, b.y + b.h) - Math.max(a.y, b.y);
  if (width <= 0 || height <= 0) return 0;
  return (width * height) / (a.w * a.h + b.w * b.h - width * height);
}
