/** Words for colours, and which of them are words for things as well. */

export const HUES: ReadonlySet<string> = new Set(
  `red orange yellow green blue purple violet pink brown teal turquoise cyan magenta crimson scarlet maroon navy
  golden beige tan lime indigo lavender olive peach coral mint amber burgundy mustard rose reddish bluish greenish
  yellowish colorful colourful`.split(/\s+/),
);

/** An orange on a table stays, an orange cat does not. */
export const THINGS: ReadonlySet<string> = new Set(
  'orange violet lavender olive peach coral mint amber mustard rose lime navy tan'.split(' '),
);

const GREYS: ReadonlySet<string> = new Set(['white', 'black', 'gray', 'grey', 'silver']);

/** "green", but neither "forest" nor "rose": said of a picture, those may be in it. */
export function isOnlyHue(word: string): boolean {
  return GREYS.has(word) || (HUES.has(word) && !THINGS.has(word));
}
