import type { Raster } from '../image.ts';

/** Brightness as the eye weighs it, without colour. */
export interface Luma {
  /** One byte per pixel. */
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** Luma Y' of gamma-encoded sRGB (ITU-R BT.709, weights of 256). */
export function toLuma({ data, width, height }: Raster): Luma {
  const luma = new Uint8Array(width * height);
  for (let pixel = 0, at = 0; pixel < luma.length; pixel++, at += 3) {
    const red = data[at] ?? 0;
    const green = data[at + 1] ?? 0;
    const blue = data[at + 2] ?? 0;
    luma[pixel] = (54 * red + 183 * green + 19 * blue + 128) >> 8;
  }
  return { data: luma, width, height };
}
