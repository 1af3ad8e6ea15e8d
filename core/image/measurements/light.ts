import type { Light, Raster } from '../image.ts';
import { chroma, linearToOklab, MAX_CHROMA, toLinear } from './oklab.ts';
import { round } from './round.ts';
import { colorTemperature } from './temperature.ts';

/** Mean OKLab lightness below which a picture is called low-key, and above which high-key; sRGB mid-grey is 0.6. */
const LOW_KEY = 0.4;
const HIGH_KEY = 0.78;

/**
 * The light of a raster, which should be as detailed as a viewer sees it: what is averaged away has no contrast.
 *
 * - `key`: mean OKLab lightness against fixed bounds.
 * - `contrast`: RMS contrast (Peli, "Contrast in complex images", 1990): the standard deviation of OKLab lightness, over
 *   the 0.5 that half black and half white has.
 * - `temperature`: of the mean linear colour, see `colorTemperature`.
 * - `saturation`: mean OKLab chroma over the largest that sRGB has.
 */
export function measureLight({ data }: Raster): Light {
  const shades = shadesOf(data);
  let [lightness, squared, colorfulness] = [0, 0, 0];
  let [pixels, red, green, blue] = [0, 0, 0, 0];
  for (const shade of shades) {
    const color = linearToOklab(shade.red, shade.green, shade.blue);
    const { count } = shade;
    lightness += count * color.L;
    squared += count * color.L ** 2;
    colorfulness += count * chroma(color);
    pixels += count;
    red += count * shade.red;
    green += count * shade.green;
    blue += count * shade.blue;
  }
  const mean = lightness / pixels;
  const deviation = Math.sqrt(Math.max(0, squared / pixels - mean ** 2));
  return {
    key: mean < LOW_KEY ? 'low' : mean > HIGH_KEY ? 'high' : 'mid',
    contrast: round(Math.min(1, deviation / 0.5)),
    temperature: colorTemperature(red / pixels, green / pixels, blue / pixels),
    saturation: round(Math.min(1, colorfulness / pixels / MAX_CHROMA)),
  };
}

/** Linear light, 0 to 1, and how many pixels have about this colour. */
interface Shade {
  readonly red: number;
  readonly green: number;
  readonly blue: number;
  readonly count: number;
}

/**
 * The means of pixels that share the upper five bits of each channel, closer than the eye tells apart: the cube roots
 * of OKLab for each of a quarter of a million pixels would take longer than everything else that is measured.
 */
function shadesOf(data: Uint8Array): Shade[] {
  const sums = new Float64Array(4 * 2 ** 15);
  for (let at = 0; at + 2 < data.length; at += 3) {
    const red = data[at] ?? 0;
    const green = data[at + 1] ?? 0;
    const blue = data[at + 2] ?? 0;
    const cell = 4 * (((red >> 3) << 10) | ((green >> 3) << 5) | (blue >> 3));
    sums[cell] = (sums[cell] ?? 0) + 1;
    sums[cell + 1] = (sums[cell + 1] ?? 0) + toLinear(red);
    sums[cell + 2] = (sums[cell + 2] ?? 0) + toLinear(green);
    sums[cell + 3] = (sums[cell + 3] ?? 0) + toLinear(blue);
  }
  const shades: Shade[] = [];
  for (let cell = 0; cell < sums.length; cell += 4) {
    const count = sums[cell] ?? 0;
    if (count === 0) continue;
    const mean = (channel: number) => (sums[cell + channel] ?? 0) / count;
    shades.push({ red: mean(1), green: mean(2), blue: mean(3), count });
  }
  return shades;
}
