import type { Exif } from 'sharp';
import type { Camera } from '../../core/image/image.ts';

/** A picture that was never taken still has a camera here, so that there is one to see in its prompt. */
export interface Shot extends Omit<Camera, 'make'> {
  readonly model: string;
  readonly lens: string;
  readonly focalLength: number;
  readonly aperture: number;
  readonly exposure: number;
  readonly iso: number;
  /** `YYYY:MM:DD hh:mm:ss`, as EXIF writes it. */
  readonly takenAt: string;
}

/** A made-up maker: nothing may pass for a photograph that a real camera took. */
const MAKE = 'Sample Optics';

/** The tags of CIPA DC-008 (Exif 2.32); IFD2 is how libvips calls the Exif directory. */
export function exifOf({ model, lens, focalLength, aperture, exposure, iso, takenAt }: Shot): Exif {
  return {
    IFD0: { Make: MAKE, Model: model, ImageDescription: 'Painted by Prompt Generator' },
    IFD2: {
      LensModel: lens,
      FocalLength: `${focalLength}/1`,
      FNumber: `${Math.round(aperture * 10)}/10`,
      ExposureTime: exposure < 1 ? `1/${Math.round(1 / exposure)}` : `${exposure}/1`,
      ISOSpeedRatings: `${iso}`,
      DateTimeOriginal: takenAt,
    },
  };
}
