import { chroma, fromHex, type Oklab } from './oklab.ts';

/** A colour word and the colour most people would point at for it. */
interface Noun {
  readonly name: string;
  readonly color: Oklab;
}

function nouns(table: Readonly<Record<string, string>>): Noun[] {
  return Object.entries(table).map(([name, hex]) => ({ name, color: fromHex(hex) }));
}

const GREYS = nouns({
  black: '#080808',
  charcoal: '#2d2d2d',
  'dark grey': '#555555',
  grey: '#828282',
  silver: '#adadad',
  'light grey': '#c8c8c8',
  'off-white': '#f2f2f2',
  white: '#ffffff',
});

const HUES = nouns({
  red: '#d0211f',
  crimson: '#c01237',
  maroon: '#7a0f14',
  'brick red': '#a5312b',
  burgundy: '#611426',
  rust: '#a8441a',
  coral: '#fb7a5c',
  salmon: '#f29c8a',
  pink: '#f7abc0',
  rose: '#d9527e',
  magenta: '#d62bb4',
  plum: '#67305f',
  purple: '#7f1f8f',
  violet: '#8a5cf0',
  lavender: '#b8a4e6',
  indigo: '#3d2a98',
  navy: '#17265c',
  blue: '#2358d8',
  'slate blue': '#5a7196',
  'steel blue': '#4379ab',
  'sky blue': '#7dc0ee',
  cyan: '#22d0e4',
  turquoise: '#35c8b2',
  teal: '#107c7e',
  mint: '#a6e4c6',
  green: '#2f9e44',
  emerald: '#0f8a5f',
  'forest green': '#22502e',
  sage: '#9bae87',
  olive: '#6e6c2c',
  khaki: '#b9b070',
  lime: '#a2d42c',
  yellow: '#f5dc30',
  gold: '#d8a622',
  ochre: '#b5802e',
  orange: '#f28522',
  amber: '#fcab1c',
  peach: '#f8c8a2',
  cream: '#f6ebc8',
  beige: '#d8c6a4',
  tan: '#c0986a',
  taupe: '#857363',
  sienna: '#95562b',
  brown: '#6d4428',
});

/** OKLCH chroma below which a colour reads as a grey; and below which a grey has no tint either. */
const GREY_CHROMA = 0.03;
const TINT_CHROMA = 0.008;

/** Below this nothing is vivid, however dull its noun. */
const VIVID_CHROMA = 0.15;

/** OKLab lightness above a noun's own from which a colour is a lighter one. */
const LIGHTER = 0.09;

/** What counts as one step of difference: degrees of hue, OKLab lightness, OKLCH chroma. Hue decides the word. */
const STEPS = { hue: 14, lightness: 0.16, chroma: 0.07 };

/** Steps beyond which a second-best word would mislead. Greys differ in lightness alone, which the eye compares well. */
const FAR = { grey: 0.6, hue: 1 };

/** OKLab lightness below which a noun is a dark colour by its meaning; lighter ones are no "pale navy". */
const DARK = 0.4;

/** The names of the colours of one palette, each as people say it: different ones where words allow, else the same. */
export function nameColors(colors: readonly Oklab[]): string[] {
  const names: string[] = [];
  for (const color of colors) {
    const candidates = candidateNames(color);
    names.push(candidates.find((name) => !names.includes(name)) ?? candidates[0] ?? 'grey');
  }
  return names;
}

/** Best first. */
function candidateNames(color: Oklab): string[] {
  if (chroma(color) < GREY_CHROMA) {
    const greys = ranked(GREYS, FAR.grey, ({ L }) => Math.abs(L - color.L) / STEPS.lightness);
    return greys.map(({ name }) => tinted(name, color));
  }
  const fitting = HUES.filter(({ color: { L } }) => L > DARK || color.L < L + LIGHTER);
  return ranked(fitting, FAR.hue, (other) => steps(color, other)).map((noun) => qualified(noun, color));
}

function ranked(table: readonly Noun[], most: number, distance: (color: Oklab) => number): Noun[] {
  return table
    .map((noun) => ({ noun, far: distance(noun.color) }))
    .toSorted((one, other) => one.far - other.far)
    .filter(({ far }, rank) => rank === 0 || far < most)
    .map(({ noun }) => noun);
}

function hue({ a, b }: Oklab): number {
  return ((Math.atan2(b, a) * 180) / Math.PI + 360) % 360;
}

function steps(one: Oklab, other: Oklab): number {
  const turn = Math.abs(hue(one) - hue(other));
  return Math.hypot(
    Math.min(turn, 360 - turn) / STEPS.hue,
    (one.L - other.L) / STEPS.lightness,
    (chroma(one) - chroma(other)) / STEPS.chroma,
  );
}

/** Yellows, oranges, reds and pinks are warm. */
function isWarm(color: Oklab): boolean {
  const angle = hue(color);
  return angle < 115 || angle > 330;
}

function tinted(name: string, color: Oklab): string {
  // Nobody sees the tint of black.
  if (chroma(color) < TINT_CHROMA || name === 'black') return name;
  return `${isWarm(color) ? 'warm' : 'cool'} ${name}`;
}

/** How the colour differs from the noun's own. */
function qualified({ name, color: typical }: Noun, color: Oklab): string {
  const lighter = color.L - typical.L;
  const richness = chroma(color) / chroma(typical);
  if (lighter < -0.1) return `${richness < 0.6 ? 'dark' : 'deep'} ${name}`;
  if (lighter > 0.15 || (lighter > LIGHTER && richness > 0.7)) {
    return `${richness < 0.85 ? 'pale' : richness < 1.1 ? 'light' : 'bright'} ${name}`;
  }
  if (richness < 0.7) return `muted ${name}`;
  return richness > 1.25 && chroma(color) > VIVID_CHROMA ? `vivid ${name}` : name;
}
