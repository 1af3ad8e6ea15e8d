import { BLUE_HOUR, GOLDEN_HOUR } from '../vocabulary.ts';

/** What is said of a picture instead of what is in it: its kind, its light, its framing. */

export interface PictureKind {
  /** As it goes before "of". */
  readonly text: string;
  /** Whether no camera makes such. */
  readonly drawn: boolean;
}

const KINDS: ReadonlyMap<string, PictureKind> = new Map([
  ...kinds(false, {
    'close-up': 'close-up',
    'macro photography': 'macro shot',
    portrait: 'portrait',
    'portrait photography': 'portrait',
    selfie: 'selfie',
    'aerial photography': 'aerial view',
    'aerial view': 'aerial view',
    "bird's-eye view": 'aerial view',
    panorama: 'panorama',
    cinematic: 'cinematic shot',
    'still life': 'still life',
    'flat lay': 'flat lay',
  }),
  ...kinds(true, {
    painting: 'painting',
    'oil painting': 'oil painting',
    'oil paint': 'oil painting',
    'acrylic paint': 'acrylic painting',
    'watercolor paint': 'watercolor',
    watercolor: 'watercolor',
    drawing: 'drawing',
    sketch: 'sketch',
    'line art': 'line drawing',
    illustration: 'illustration',
    'digital art': 'digital illustration',
    cartoon: 'cartoon',
    clipart: 'cartoon',
    'clip art': 'cartoon',
    animation: 'cartoon',
    anime: 'anime drawing',
    '3d render': '3D render',
    '3d rendering': '3D render',
    cgi: '3D render',
    screenshot: 'screenshot',
    diagram: 'diagram',
    abstract: 'abstract picture',
    'abstract art': 'abstract picture',
  }),
]);

function kinds(drawn: boolean, table: Readonly<Record<string, string>>): [string, PictureKind][] {
  return Object.entries(table).map(([tag, text]) => [tag, { text, drawn }]);
}

/** "portrait", "sketch": what kind of picture it is; undefined for other tags. */
export function kindOf(tag: string): PictureKind | undefined {
  return KINDS.get(tag.toLowerCase());
}

/** What a tag says of the light, or of how the frame is filled. */
const LOOKS: ReadonlyMap<string, { readonly part: 'light' | 'space'; readonly text: string }> = new Map([
  ['golden hour', { part: 'light', text: GOLDEN_HOUR }],
  ['blue hour', { part: 'light', text: BLUE_HOUR }],
  ['dramatic', { part: 'light', text: 'dramatic light' }],
  ['dramatic lighting', { part: 'light', text: 'dramatic light' }],
  ['moody', { part: 'light', text: 'moody light' }],
  ['backlighting', { part: 'light', text: 'back light' }],
  ['bokeh', { part: 'space', text: 'bokeh' }],
  ['depth of field', { part: 'space', text: 'shallow depth of field' }],
  ['shallow depth of field', { part: 'space', text: 'shallow depth of field' }],
  ['minimalist', { part: 'space', text: 'minimalist framing' }],
  ['minimalism', { part: 'space', text: 'minimalist framing' }],
]);

export function lookOf(tag: string): { readonly part: 'light' | 'space'; readonly text: string } | undefined {
  return LOOKS.get(tag.toLowerCase());
}

/** Whether a sentence says itself what kind of picture it is about. */
export function namesKind(sentence: string): boolean {
  return /^(?:an? |the )?(?:[\p{L}-]+ ){0,3}(?:3d[- ]render(?:ed|ing)?|painting|drawing|sketch|illustration|cartoon|comic|screenshot|diagram|poster|portrait|view|picture|close-up|map|statue|sculpture|mural)s?\b/iu.test(
    sentence,
  );
}
