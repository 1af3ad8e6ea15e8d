import type { Provenance, Recovered } from './embedded/recovered.ts';

/** What is known of an image from its own bytes: the results of inspecting and measuring. */

export const IMAGE_FORMATS = ['jpeg', 'png', 'webp', 'gif', 'tiff', 'avif'] as const;
export type ImageFormat = (typeof IMAGE_FORMATS)[number];

export interface ImageLimits {
  readonly maxBytes: number;
  readonly maxPixels: number;
}

/** What EXIF says of the camera. Neither positions nor serial numbers are ever read into it. */
export interface Camera {
  readonly make: string | null;
  readonly model: string | null;
  readonly lens: string | null;
  /** Millimetres, as engraved on the lens (not the 35 mm equivalent). */
  readonly focalLength: number | null;
  /** The f-number. */
  readonly aperture: number | null;
  /** Seconds. */
  readonly exposure: number | null;
  readonly iso: number | null;
}

export interface InspectedImage {
  readonly format: ImageFormat;
  readonly bytes: number;
  /** Pixels of the upright image, after the EXIF orientation is applied. */
  readonly width: number;
  readonly height: number;
  /** 1 to 8 as EXIF counts them; 1 where the image does not say. */
  readonly exifOrientation: number;
  readonly frames: number;
  /** ISO 8601; without an offset where EXIF gives none. */
  readonly capturedAt: string | null;
  readonly camera: Camera | null;
  /** The prompt it was made from, where its generator wrote it into the file. */
  readonly recovered: Recovered | null;
  /** What the file says of its origin, unverified. */
  readonly provenance: Provenance | null;
}

/** Upright pixels, 8-bit sRGB, three channels, transparent parts laid over white. */
export interface Raster {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
}

export interface PaletteColor {
  /** `#rrggbb`, lower case. */
  readonly hex: string;
  /** As people name it: "muted teal". */
  readonly name: string;
  /** 0 to 1; the shares of a palette add up to 1. */
  readonly share: number;
}

export interface Light {
  readonly key: 'low' | 'mid' | 'high';
  /** 0 (one tone) to 1 (half black, half white). */
  readonly contrast: number;
  /** Correlated colour temperature of the mean colour, in kelvin: 6500 is neutral, less is warm, more is cool. */
  readonly temperature: number;
  /** 0 (grey) to 1 (as vivid as sRGB gets). */
  readonly saturation: number;
}

export const SUBJECT_POSITIONS = [
  'top-left',
  'top',
  'top-right',
  'left',
  'center',
  'right',
  'bottom-left',
  'bottom',
  'bottom-right',
  'spread',
] as const;

export interface Composition {
  readonly orientation: 'landscape' | 'portrait' | 'square';
  /** Small integers: "3:2". */
  readonly aspect: string;
  /** Where the detail sits; "spread" where it sits nowhere in particular. */
  readonly subject: (typeof SUBJECT_POSITIONS)[number];
  /** 0 to 1: the share of the image without detail. */
  readonly negativeSpace: number;
  /** 0 (blurred) to 1 (crisp). */
  readonly sharpness: number;
}

export interface Measurements {
  /** Up to six colours, the largest share first. */
  readonly palette: readonly PaletteColor[];
  readonly light: Light;
  readonly composition: Composition;
}
