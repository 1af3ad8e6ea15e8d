import type { Light, Raster } from '../image.ts';
import { chroma, MAX_CHROMA, toLinear, toOklab } from './oklab.ts';
import { round } from './round.ts';
import { colorTemperature } from './temperature.ts';

/** Mean OKLab lightness below which a picture is called low-key, and above which high-key; sRGB mid-grey is 0.6. */
const LOW_KEY = 0.4;
const HIGH_KEY = 0.78;

/**
 * The light of a small raster.
 *
 * - `key`: mean OKLab lightness against fixed bounds.
 * - `contrast`: RMS contrast (Peli, "Contrast in complex images", 1990): the standard deviation of OKLab lightness, over
 *   the 0.5 that half black and half white has.
 * - `temperature`: of the mean linear colour, see `colorTemperature`.
 * - `saturation`: mean OKLab chroma over the largest that sRGB has.
 */
export function measureLight({ data }: Raster): Light {
  const pixels = data.length / 3;
  let [lightness, squared, colorfulness] = [0, 0, 0];
  let [red, green, blue] = [0, 0, 0];
  for (let at = 0; at + 2 < data.length; at += 3) {
    const r = data[at] ?? 0;
    const g = data[at + 1] ?? 0;
    const b = data[at + 2] ?? 0;
    const color = toOklab(r, g, b);
    lightness += color.L;
    squared += color.L ** 2;
    colorfulness += chroma(color);
    red += toLinear(r);
    green += toLinear(g);
    blue += toLinear(b);
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
