import { shrinkRaster } from './decode.ts';
import type { Measurements, Raster } from './image.ts';
import { measureComposition } from './measurements/composition.ts';
import { measureLight } from './measurements/light.ts';
import { toLuma } from './measurements/luma.ts';
import { measurePalette } from './measurements/palette.ts';
import { measureSharpness } from './measurements/sharpness.ts';

/** Longest side, in pixels, at which detail and light are measured: always the same, so that any raster gives the same answer. */
const DETAIL_SIDE = 512;

/**
 * Longest side, in pixels, of what the palette is taken from. A pattern finer than this is the one colour that it has
 * from afar (a fine checkerboard is grey), while its contrast is still measured.
 */
const PALETTE_SIDE = 64;

/**
 * Everything the pixels say. The raster may have any size of at least 512 pixels on its longest side, or the
 * image's own.
 * @param image upright size in pixels, which the raster has rounded
 */
export async function measureImage(
  raster: Raster,
  image: { readonly width: number; readonly height: number },
): Promise<Measurements> {
  const detailed = await shrinkRaster(raster, DETAIL_SIDE);
  const colors = await shrinkRaster(detailed, PALETTE_SIDE);
  const luma = toLuma(detailed);
  return {
    palette: measurePalette(colors),
    light: measureLight(detailed),
    composition: { ...measureComposition(luma, image), sharpness: measureSharpness(luma) },
  };
}
