/** Red, green and blue from 0 to 1, as sRGB stores them. */
export type Color = readonly [number, number, number];

/** Colours along a line: each with its place, in rising order. */
export type Gradient = readonly (readonly [place: number, color: Color])[];

const BLACK = [0, [0, 0, 0]] as const;

/** @param code `#rrggbb` */
export function color(code: string): Color {
  const value = Number.parseInt(code.slice(1), 16);
  return [(value >> 16) / 255, ((value >> 8) & 255) / 255, (value & 255) / 255];
}

/**
 * The colour that is being mixed for one pixel. There is one for a whole canvas and it changes in place, since a
 * colour made anew for each of a million pixels would cost more than the painting.
 */
export class Ink {
  red = 0;
  green = 0;
  blue = 0;

  set([red, green, blue]: Color): this {
    this.red = red;
    this.green = green;
    this.blue = blue;
    return this;
  }

  /** @param share of the new colour, 0 to 1 */
  mix([red, green, blue]: Color, share: number): this {
    this.red += (red - this.red) * share;
    this.green += (green - this.green) * share;
    this.blue += (blue - this.blue) * share;
    return this;
  }

  /** Light falling on it (above 1) or shade (below). */
  shade(factor: number): this {
    this.red *= factor;
    this.green *= factor;
    this.blue *= factor;
    return this;
  }

  /** Light added to it. */
  light([red, green, blue]: Color, amount: number): this {
    this.red += red * amount;
    this.green += green * amount;
    this.blue += blue * amount;
    return this;
  }

  /** The colour at one place of a gradient. */
  along(gradient: Gradient, place: number): this {
    const after = gradient.findIndex(([end]) => place <= end);
    const [end, color] = gradient.at(after) ?? BLACK;
    const [start, before] = after > 0 ? (gradient[after - 1] ?? BLACK) : [end, color];
    return this.set(before).mix(color, end === start ? 1 : (place - start) / (end - start));
  }
}
