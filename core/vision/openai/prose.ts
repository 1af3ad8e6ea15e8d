/** What language models do to sentences, undone: talk about there being an image, and loops. */

const IMAGE = `(?:image|picture|photo|photograph|photography|scene|snapshot)`;
const SHOWS = `(?:shows?|showing|depicts?|depicting|displays?|features?|captures?|presents?|portrays?|contains?|illustrates?|is of)`;

/** "A watercolour of a cat" and "a close-up of a cat" say something of how it looks; these say nothing. */
const OPENINGS: readonly RegExp[] = [
  /^(?:sure|certainly|of course|here is (?:a|the) (?:caption|description))\b[^.:!]{0,60}[.:!,]\s+/i,
  new RegExp(String.raw`^(?:this|the)(?: \w+)? ${IMAGE} ${SHOWS}\s+`, 'i'),
  new RegExp(String.raw`^(?:an?|the) ${IMAGE} (?:of|${SHOWS})\s+`, 'i'),
  new RegExp(String.raw`^in (?:this|the) ${IMAGE},?\s+`, 'i'),
  /^(?:we|you|one) can see\s+/i,
];

/** The sentence without words about its being about an image ("This image shows a boat" is "a boat"). */
export function withoutMetaPhrases(sentence: string): string {
  let text = sentence;
  for (let before = ''; before !== text; ) {
    before = text;
    for (const opening of OPENINGS) text = text.replace(opening, '') || text;
  }
  return text;
}

/** Poetry and shop windows say a thing three times; a model that says it a fourth time says it for ever. */
const MAX_REPEATS = 3;
const MAX_LOOP_WORDS = 12;

const WORDS = new Intl.Segmenter('und', { granularity: 'word' });

/**
 * The text up to where a loop begins: one to twelve words that follow each other more than three times, whatever their
 * case and what stands between them. Of the loop the first turn stays.
 */
export function withoutLoop(text: string): string {
  const words = [...WORDS.segment(text)].filter(({ isWordLike }) => isWordLike);
  const said = words.map(({ segment }) => segment.toLowerCase());
  for (let start = 0; start < said.length; start++) {
    for (let length = 1; length <= MAX_LOOP_WORDS; length++) {
      if (!isLoop(said, start, length)) continue;
      const last = words[start + length - 1];
      // The turn itself may hold a shorter loop.
      return last ? withoutLoop(text.slice(0, last.index + last.segment.length)) : text;
    }
  }
  return text;
}

function isLoop(words: readonly string[], start: number, length: number): boolean {
  const end = start + length * (MAX_REPEATS + 1);
  if (end > words.length) return false;
  for (let at = start + length; at < end; at++) if (words[at] !== words[at - length]) return false;
  return true;
}

/** How models decline where they have no field for it. Narrow, since what is taken for this is never asked for again. */
const REFUSAL =
  /^["'\s]*(?:(?:i['’]?m|i am) (?:very |really |so )?sorry|sorry|i apologi[sz]e|unfortunately)?[\s,.]*(?:but )?(?:as an ai[^,.]{0,40},? )?(?:i (?:can(?:no|['’])t|can not|am (?:unable|not able) to|won['’]t|will not)|i['’]?m (?:unable|not able) to) (?:assist|help(?! but| \w+ing)|describe|identify|provide|analy[sz]e|process|comply|fulfil|view|engage)/i;

export function isRefusal(text: string): boolean {
  // Of what is long the beginning tells; and no answer is long enough to keep the expression busy.
  return REFUSAL.test(text.slice(0, 300));
}
