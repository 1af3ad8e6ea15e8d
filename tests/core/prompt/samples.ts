import type { Camera, InspectedImage, Measurements } from '../../../core/image/image.ts';
import type { Analysis, Finding } from '../../../core/vision/vision.ts';

/** Inputs of composing as inspecting, measuring and a provider give them. */

export const EOS_R5: Camera = {
  make: 'Canon',
  model: 'Canon EOS R5',
  lens: 'RF85mm F1.2 L USM',
  focalLength: 85,
  aperture: 1.8,
  exposure: 0.005,
  iso: 100,
};

export function image(camera: Camera | null = null): InspectedImage {
  return {
    format: 'jpeg',
    bytes: 2_345_678,
    width: 6000,
    height: 4000,
    exifOrientation: 1,
    frames: 1,
    capturedAt: null,
    camera,
    recovered: null,
    provenance: null,
  };
}

export interface Look {
  readonly palette?: readonly (readonly [hex: string, name: string, share: number])[];
  readonly light?: Partial<Measurements['light']>;
  readonly composition?: Partial<Measurements['composition']>;
}

const DUSK = [
  ['#c4561e', 'burnt orange', 0.5],
  ['#0b1d3a', 'deep navy', 0.35],
  ['#2b2b2d', 'charcoal', 0.15],
] as const;

/** A middling look: nothing about light or composition that is worth a word, unless the case says so. */
export function measurements({ palette = DUSK, light = {}, composition = {} }: Look = {}): Measurements {
  return {
    palette: palette.map(([hex, name, share]) => ({ hex, name, share })),
    light: { key: 'mid', contrast: 0.4, temperature: 6500, saturation: 0.2, ...light },
    composition: {
      orientation: 'landscape',
      aspect: '3:2',
      subject: 'right',
      negativeSpace: 0.4,
      sharpness: 0.4,
      ...composition,
    },
  };
}

export const GREY: Look = {
  palette: [
    ['#1c1c1c', 'near black', 0.6],
    ['#d0d0d0', 'light grey', 0.4],
  ],
  light: { saturation: 0 },
};

export function found(text: string, confidence: number | null = 0.9, box: Finding['box'] = null): Finding {
  return { text, confidence, box };
}

export function tags(...names: readonly string[]): Finding[] {
  return names.map((name) => found(name));
}

/** What `local` answers: nothing seen. */
export const NOTHING_SEEN: Analysis = {
  provider: 'local',
  model: null,
  region: null,
  caption: null,
  regions: [],
  tags: [],
  objects: [],
  people: [],
  text: [],
  crops: [],
  degraded: true,
  reason: 'no-describing-provider',
};

export function seen(caption: string | null, rest: Partial<Analysis> = {}): Analysis {
  return {
    ...NOTHING_SEEN,
    provider: 'azure-vision',
    model: '2023-10-01',
    region: 'westeurope',
    degraded: false,
    reason: null,
    caption: caption === null ? null : { text: caption, confidence: 0.8, language: 'en' },
    ...rest,
  };
}
