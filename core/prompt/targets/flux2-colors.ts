import type { PaletteColor } from '../../image/image.ts';
import { joined } from '../forms/phrasing.ts';
import { withoutTone } from '../forms/sentences.ts';
import type { Phrase } from '../scene/phrases.ts';
import type { Scene } from '../scene/scene.ts';
import { contentWords, listWords } from '../words/stems.ts';

/**
 * "the largest areas are deep navy (color #0b1d3a) and burnt orange (color #c4561e)": FLUX.2 wants a hex code
 * marked as a colour and tied to a surface, and which areas are large is what a palette knows.
 */
export function colorPhrase(scene: Scene, palette: readonly PaletteColor[]): Phrase[] {
  const tones = scene.of('tone');
  const areas = scene.of('palette');
  if (areas.length === 0) return joined(tones, listWords);
  return joined([...tones, ...areas], (texts) => {
    const tone = texts.slice(0, tones.length).map((text) => `${text}: `);
    const colors = texts.slice(tones.length).map((name) => {
      const hex = hexOf(name, palette);
      const plain = tones.reduce((rest, { text }) => withoutTone(rest, text.replace(/ colors$/, '')), name);
      return hex === null ? plain : `${plain} (color ${hex})`;
    });
    const largest = colors.length === 1 ? 'the largest area is' : 'the largest areas are';
    return `${tone.join('')}${largest} ${listWords(colors)}`;
  });
}

/** The colours a text names that were also measured: "an orange cat" with a palette of "burnt orange". */
export function colorsNamed(text: string, palette: readonly PaletteColor[]): string[] {
  const words = new Set(contentWords(text));
  const seen = new Set<string>();
  return palette.flatMap(({ name, hex }) => {
    const hue = contentWords(name).at(-1);
    if (hue === undefined || seen.has(hue) || !words.has(hue)) return [];
    seen.add(hue);
    return [`the ${hue} is color ${hex}`];
  });
}

function hexOf(name: string, palette: readonly PaletteColor[]): string | null {
  return palette.find((color) => color.name.toLowerCase() === name.toLowerCase())?.hex ?? null;
}
