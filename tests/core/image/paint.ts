import type { Raster } from '../../../core/image/image.ts';
import { sharp } from '../../../core/image/sharp.ts';

type Color = readonly [red: number, green: number, blue: number];

export const BLACK: Color = [0, 0, 0];
export const WHITE: Color = [255, 255, 255];

/** A picture whose every pixel is known. */
export function paint(width: number, height: number, colorAt: (x: number, y: number) => Color): Raster {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) data.set(colorAt(x, y), (y * width + x) * 3);
  }
  return { data, width, height };
}

export function grey(level: number): Color {
  return [level, level, level];
}

export function isInDisc(x: number, y: number, disc: { x: number; y: number; radius: number }): boolean {
  return Math.hypot(x - disc.x, y - disc.y) < disc.radius;
}

export function picture({ data, width, height }: Raster) {
  return sharp(data, { raw: { width, height, channels: 3 } });
}

/** The picture out of focus, as a Gaussian of that many pixels. */
export async function blurred(raster: Raster, sigma: number): Promise<Raster> {
  return { ...raster, data: await picture(raster).blur(sigma).raw().toBuffer() };
}
