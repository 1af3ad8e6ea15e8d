import { isReadable } from '../safe-text.ts';
import { isCount, isStopWord } from '../words/stems.ts';

export interface ReadCaption {
  /** What is in the picture, without talk about there being a picture. */
  readonly text: string;
  /** "close-up" where the caption says so: that is worth keeping. */
  readonly shot: string | null;
  /** Whether it says that there is a photograph. */
  readonly photo: boolean;
  /** What it says of the picture instead of what is in it: "blurry", "black and white". */
  readonly looks: readonly string[];
}

const PICTURE = '(?:image|picture|photo|photograph|snapshot|scene)';
const LOOKS =
  '(?:black[- ]and[- ]white|monochrome|blurry|blurred|grainy|colou?r(?:ed|ful)?|full[- ]color|cinematic|dramatic|moody)';

const LOOK = new RegExp(LOOKS, 'gi');

const LEADS: readonly { readonly pattern: RegExp; readonly shot?: string }[] = [
  {
    pattern: new RegExp(
      `^(?:this|the) (?:${LOOKS} )*${PICTURE} (?:shows|depicts|features|captures|contains|displays|presents|portrays|is of)\\s+`,
      'i',
    ),
  },
  { pattern: new RegExp(`^(?:this|it) is\\s+(?=an? (?:${LOOKS} )*${PICTURE} of)`, 'i') },
  { pattern: new RegExp(`^in (?:this|the) (?:${LOOKS} )*${PICTURE},?\\s+`, 'i') },
  {
    pattern:
      /^(?:there (?:is|are)|(?:we|you) (?:can )?see|it (?:shows|is)|pictured (?:here )?(?:is|are))\s+/i,
  },
  {
    pattern: new RegExp(
      `^(?:an? )?(?:${LOOKS} )*(?:extreme )?close[- ]?up(?: (?:photo|photograph|shot|view|picture|image))? of\\s+`,
      'i',
    ),
    shot: 'close-up',
  },
  {
    pattern: new RegExp(
      `^(?:an? |the )?(?:${LOOKS},? )*(?:${PICTURE}|shot|view) (?:of|showing|featuring|capturing|depicting)\\s+`,
      'i',
    ),
  },
];

/** Takes the lead-ins off a caption ("this image shows a close up of a cat" is about a cat, seen close up). */
export function readCaption(caption: string): ReadCaption {
  let text = caption.replace(/[\s.,;:!?-]+$/, '');
  let shot: string | null = null;
  let leads = '';
  for (let found = true; found; ) {
    found = false;
    for (const lead of LEADS) {
      const rest = text.replace(lead.pattern, '');
      if (rest === text || !isReadable(rest)) continue;
      leads += text.slice(0, text.length - rest.length);
      text = rest;
      shot ??= lead.shot ?? null;
      found = true;
    }
  }
  return {
    text: openingLowered(text),
    shot,
    photo: /\b(?:photo|photograph|snapshot)\b/i.test(leads),
    looks: (leads.match(LOOK) ?? []).map((look) => look.toLowerCase().replace(/-/g, ' ')),
  };
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
