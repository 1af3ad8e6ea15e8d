import {
  type Camera,
  type Composition,
  type Light,
  type Measurements,
  SUBJECT_POSITIONS,
} from '../image/image.ts';

/** How prompt writers say what was measured. A middling value is not worth a word, so it gets none. */

export const MONOCHROME = 'black and white';
export const NEAR_MONOCHROME = 'nearly monochrome colors';
export const LOW_KEY = 'low-key light';
export const HIGH_KEY = 'high-key light';
export const WARM_LIGHT = 'warm light';
export const COOL_LIGHT = 'cool light';
export const GOLDEN_HOUR = 'golden-hour light';
export const BLUE_HOUR = 'blue-hour light';
export const MUTED = 'muted colors';
export const VIVID = 'vivid colors';
export const SHARP_FOCUS = 'sharp focus';
export const SOFT_FOCUS = 'soft focus';
export const EMPTY_SURFACE = 'an even, empty surface';
export const SMOOTH_GRADATIONS = 'smooth gradations';

export function lightWords({ key, contrast, temperature, saturation }: Light): string[] {
  const words: string[] = [];
  // So low that not one red umbrella in the fog is overlooked.
  const colorless = saturation < 0.006;
  if (colorless) words.push(MONOCHROME);
  if (key === 'low') words.push(LOW_KEY);
  if (key === 'high') words.push(HIGH_KEY);
  if (!colorless && temperature < 5500) words.push(WARM_LIGHT);
  if (!colorless && temperature > 7800) words.push(COOL_LIGHT);
  if (contrast >= 0.55) words.push('high contrast');
  if (contrast < 0.25) words.push(key === 'low' ? 'low contrast' : 'soft light');
  if (!colorless && saturation < 0.02) words.push(NEAR_MONOCHROME);
  if (saturation >= 0.02 && saturation < 0.1) words.push(MUTED);
  if (saturation >= 0.35) words.push(VIVID);
  return words;
}

const PLACES: Record<Composition['subject'], string> = {
  'top-left': 'at the upper left',
  top: 'at the top',
  'top-right': 'at the upper right',
  left: 'on the left',
  center: 'in the center',
  right: 'on the right',
  'bottom-left': 'at the lower left',
  bottom: 'at the bottom',
  'bottom-right': 'at the lower right',
  spread: 'across the frame',
};

const CENTERED = 'centered composition';

const WEIGHTS: Record<Composition['subject'], string> = {
  'top-left': 'upper left',
  top: 'top',
  'top-right': 'upper right',
  left: 'left',
  center: 'center',
  right: 'right',
  'bottom-left': 'lower left',
  bottom: 'bottom',
  'bottom-right': 'lower right',
  spread: 'whole frame',
};

/** "on the left", "in the center": fits after a noun. */
export function placeWords(subject: Composition['subject']): string {
  return PLACES[subject];
}

export function formatWords({ orientation, aspect }: Composition): string {
  return `${orientation} format, ${aspect}`;
}

/** Where the detail sits, what surrounds it and how crisp it is. */
export function detailWords({ palette, light, composition }: Measurements): string[] {
  const { subject, negativeSpace, sharpness } = composition;
  // Without a single edge: a wall, a clear sky, a gradient.
  if (negativeSpace >= 0.98 && sharpness === 0) {
    return [light.contrast < 0.1 && palette.length === 1 ? EMPTY_SURFACE : SMOOTH_GRADATIONS];
  }
  const words = negativeSpace === 1 ? [] : placing(subject, negativeSpace);
  if (negativeSpace >= 0.6) words.push('generous negative space');
  if (sharpness >= 0.6) words.push(SHARP_FOCUS);
  if (sharpness <= 0.2) words.push(SOFT_FOCUS);
  return words;
}

/** Detail that is spread out as in most pictures is not worth a word. */
function placing(subject: Composition['subject'], negativeSpace: number): string[] {
  if (subject === 'spread') return negativeSpace <= 0.15 ? ['detail filling the frame'] : [];
  return [subject === 'center' ? CENTERED : `composition weighted to the ${WEIGHTS[subject]}`];
}

/** Which measurement a text made by {@link formatWords} or {@link detailWords} is about. */
export function compositionPart(text: string): 'format' | 'place' | 'space' {
  if (/ format, \d+:\d+$/.test(text)) return 'format';
  return text === CENTERED || text.startsWith('composition weighted to ') ? 'place' : 'space';
}

/** Where a text made by {@link detailWords} says that the weight is: "on the left"; null where it says no such thing. */
export function weightedPlace(text: string): string | null {
  if (text === CENTERED) return placeWords('center');
  const found = SUBJECT_POSITIONS.find((place) => text.endsWith(` to the ${WEIGHTS[place]}`));
  return found === undefined ? null : placeWords(found);
}

export type CameraPart = 'body' | 'lens' | 'focalLength' | 'aperture' | 'exposure' | 'iso';

/** "85 mm", "f/1.8", "1/200 s" as a photographer writes them. What EXIF does not say is not there. */
export function cameraWords(camera: Camera): { part: CameraPart; text: string }[] {
  const words: { part: CameraPart; text: string }[] = [];
  const say = (part: CameraPart, value: number | string | null, format: (value: string) => string) => {
    const text = typeof value === 'number' ? numberWords(value) : plainName(value);
    if (text) words.push({ part, text: format(text) });
  };
  say('body', bodyName(camera), (name) => name);
  say('lens', camera.lens, (name) => `${name} lens`);
  say('focalLength', camera.focalLength, (length) => `${length} mm`);
  say('aperture', camera.aperture, (aperture) => `f/${aperture}`);
  if (isQuantity(camera.exposure)) words.push({ part: 'exposure', text: exposureWords(camera.exposure) });
  if (isQuantity(camera.iso)) words.push({ part: 'iso', text: `ISO ${Math.round(camera.iso)}` });
  return words;
}

/** Which part of a camera a text made by {@link cameraWords} is about. */
export function cameraPart(text: string): CameraPart {
  if (/^[\d.]+ mm$/.test(text)) return 'focalLength';
  if (/^f\/[\d.]+$/.test(text)) return 'aperture';
  if (/^[\d./]+ s$/.test(text)) return 'exposure';
  if (/^ISO \d+$/.test(text)) return 'iso';
  return text.endsWith(' lens') ? 'lens' : 'body';
}

function isQuantity(value: number | null): value is number {
  return value !== null && Number.isFinite(value) && value > 0;
}

function numberWords(value: number): string | null {
  return isQuantity(value) && value >= 0.05 ? String(Number(value.toFixed(1))) : null;
}

function exposureWords(seconds: number): string {
  return seconds < 0.3 ? `1/${Math.round(1 / seconds)} s` : `${Number(seconds.toFixed(1))} s`;
}

/** "Canon" + "Canon EOS R5" is said once; "NIKON CORPORATION" adds nothing to "NIKON Z 6". */
function bodyName({ make, model }: Camera): string | null {
  if (make === null || model === null) return model;
  const brand = make.split(' ', 1).join('').toLowerCase();
  return model.toLowerCase().includes(brand) ? model : `${make} ${model}`;
}

/** ComfyUI stores whole node graphs as make and model of a WebP: a name has no braces and is short. */
function plainName(name: string | null): string | null {
  return name === null || name.length > 80 || /[{}<>"]/.test(name) ? null : name;
}
