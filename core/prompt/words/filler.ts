import { article } from './plurals.ts';

/** Praise and wishes for quality: nothing that can be drawn, and nothing that a picture proves. */
const FILLER = new RegExp(
  `\\b(?:(?:very|really|absolutely|truly|incredibly|extremely|highly|ultra|hyper)[- ])*(?:${[
    'beautiful(?:ly)?|stunning(?:ly)?|gorgeous|breathtaking|amazing|awesome|lovely|wonderful|captivating|striking',
    'impressive|exquisite|perfect|fantastic|spectacular|mesmerizing|picturesque|eye-catching|iconic',
    'masterpiece|best quality|high[- ]quality|professional quality|award[- ]winning|trending on artstation',
    'detailed|intricate details|high resolution|[48]k|uhd|hdr?|ultra[- ]hd',
  ].join('|')})\\b,?`,
  'gi',
);

/** How a picture looks, not what it shows. */
const STYLE =
  /\b(?:cinematic|dramatic(?:ally)?|moody|vibrant(?:ly)?|vivid(?:ly)?|dreamy|ethereal|atmospheric|artistic(?:ally)?|aesthetic|photorealistic|stylish|bokeh)\b,?/gi;

/** Stands where words went; no text that reaches a prompt has it. */
const GAP = '\uE000';

export interface Plainer {
  readonly text: string;
  /** The words that went. */
  readonly removed: readonly string[];
}

/** A text without praise. */
export function withoutFiller(text: string): Plainer {
  return without(FILLER, text);
}

/** A text about what there is to see; as it was, where style is all it speaks of. */
export function withoutStyle(text: string): string {
  return without(STYLE, text).text || text;
}

function without(words: RegExp, text: string): Plainer {
  const removed: string[] = [];
  const rest = text.replace(words, (found) => {
    removed.push(found.replace(/,$/, ''));
    return GAP;
  });
  return removed.length === 0 ? { text, removed } : { text: closed(rest), removed };
}

/** "a stunning orange cat" is now "an orange cat", "a calm and beautiful sea" a calm sea. */
function closed(text: string): string {
  return text
    .replace(/\s+and\s+\uE000|\uE000\s*and\s+/g, ` ${GAP} `)
    .replace(
      /\b(a)n?\s+(?:\uE000\s*)+(?=(\p{L}+))/giu,
      (_, a: string, noun: string) => `${a}${article(noun).slice(1)} `,
    )
    .replaceAll(GAP, ' ')
    .replace(/\s+(?=[,.;])/g, '')
    .replace(/,(?:\s*,)+/g, ',')
    .replace(/\s+/g, ' ')
    .replace(/^[\s,]+|[\s,]+$/g, '');
}
