import { isReadable } from '../safe-text.ts';
import { isCount, isStopWord } from './words.ts';

export interface ReadCaption {
  /** What is in the picture, without talk about there being a picture. */
  readonly text: string;
  /** "close-up" where the caption says so: that is worth keeping. */
  readonly shot: string | null;
}

const LEADS: readonly { readonly pattern: RegExp; readonly shot?: string }[] = [
  {
    pattern:
      /^(?:this|the) (?:image|picture|photo|photograph|scene) (?:shows|depicts|features|captures|contains|displays|is of)\s+/i,
  },
  { pattern: /^in (?:this|the) (?:image|picture|photo|photograph|scene),?\s+/i },
  { pattern: /^(?:there (?:is|are)|(?:we|you) (?:can )?see|it (?:shows|is))\s+/i },
  {
    pattern: /^(?:an? )?(?:extreme )?close[- ]?up (?:(?:photo|photograph|shot|view|picture|image) )?of\s+/i,
    shot: 'close-up',
  },
  {
    pattern:
      /^(?:an? |the )?(?:(?:black[- ]and[- ]white|blurry|blurred|grainy|color|colou?red) )*(?:image|picture|photo|photograph|snapshot|shot|view) (?:of|showing)\s+/i,
  },
];

/** Takes the lead-ins off a caption ("this image shows a close up of a cat" is about a cat, seen close up). */
export function readCaption(caption: string): ReadCaption {
  let text = caption.replace(/[\s.,;:!?-]+$/, '');
  let shot: string | null = null;
  for (let found = true; found; ) {
    found = false;
    for (const lead of LEADS) {
      const rest = text.replace(lead.pattern, '');
      if (rest === text || !isReadable(rest)) continue;
      text = rest;
      shot ??= lead.shot ?? null;
      found = true;
    }
  }
  return { text: openingLowered(text), shot };
}

/** A sentence's capital goes where no name starts with it: the text is put into the middle of sentences. */
function openingLowered(text: string): string {
  const first = text.split(' ', 1).join('');
  const opening = /^\p{Lu}\p{Ll}*$/u.test(first) && (isStopWord(first) || isCount(first));
  return opening ? text.charAt(0).toLowerCase() + text.slice(1) : text;
}

export function sentenceCase(text: string): string {
  const [first = ''] = text;
  return first.toUpperCase() + text.slice(first.length);
}
