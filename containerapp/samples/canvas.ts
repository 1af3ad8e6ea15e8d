import { Ink } from './ink.ts';

/** A part of a canvas, in its units. */
export interface Area {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** The square area round a place. */
export function around(x: number, y: number, reach: number): Area {
  return { left: x - reach, top: y - reach, right: x + reach, bottom: y + reach };
}

/** Mixes the colour of one place and returns how much it covers what is there, 0 to 1. */
export type Shader = (ink: Ink, x: number, y: number) => number;

/**
 * What a scene is painted on, layer over layer. A place is measured in heights of the canvas: y runs from 0 at the
 * top to 1, x from 0 at the left to `width / height`.
 */
export class Canvas {
  readonly width: number;
  readonly height: number;
  readonly #pixels: Float32Array;
  readonly #ink = new Ink();

  /** @param width in pixels, as the height */
  constructor(width: number, height: number) {
    this.width = width;
    this.height = height;
    this.#pixels = new Float32Array(width * height * 3);
  }

  /** The width in heights. */
  get aspect(): number {
    return this.width / this.height;
  }

  /** Lays a layer over what is there, everywhere or in one area only. */
  paint(shader: Shader, area: Area = { left: 0, top: 0, right: this.aspect, bottom: 1 }): this {
    const pixels = this.#pixels;
    const ink = this.#ink;
    const left = Math.max(0, Math.floor(area.left * this.height));
    const right = Math.min(this.width, Math.ceil(area.right * this.height));
    const bottom = Math.min(this.height, Math.ceil(area.bottom * this.height));
    for (let row = Math.max(0, Math.floor(area.top * this.height)); row < bottom; row++) {
      const y = (row + 0.5) / this.height;
      for (let column = left; column < right; column++) {
        const cover = shader(ink, (column + 0.5) / this.height, y);
        if (cover <= 0) continue;
        const at = (row * this.width + column) * 3;
        const kept = cover < 1 ? 1 - cover : 0;
        pixels[at] = (pixels[at] ?? 0) * kept + ink.red * (1 - kept);
        pixels[at + 1] = (pixels[at + 1] ?? 0) * kept + ink.green * (1 - kept);
        pixels[at + 2] = (pixels[at + 2] ?? 0) * kept + ink.blue * (1 - kept);
      }
    }
    return this;
  }

  /** The same picture once more, so that a layer can show what lies under it elsewhere. */
  copy(): Canvas {
    const copy = new Canvas(this.width, this.height);
    copy.#pixels.set(this.#pixels);
    return copy;
  }

  /** Sets the ink to the colour of one place; outside, to that of the nearest edge. */
  pick(ink: Ink, x: number, y: number): void {
    const column = Math.min(this.width - 1, Math.max(0, Math.floor(x * this.height)));
    const row = Math.min(this.height - 1, Math.max(0, Math.floor(y * this.height)));
    const at = (row * this.width + column) * 3;
    ink.red = this.#pixels[at] ?? 0;
    ink.green = this.#pixels[at + 1] ?? 0;
    ink.blue = this.#pixels[at + 2] ?? 0;
  }

  /** Works out once what depends on x alone. */
  perColumn(value: (x: number) => number): (x: number) => number {
    return this.#sampled(this.width, value);
  }

  /** Works out once what depends on y alone. */
  perRow(value: (y: number) => number): (y: number) => number {
    return this.#sampled(this.height, value);
  }

  #sampled(count: number, value: (place: number) => number): (place: number) => number {
    const values = Float32Array.from({ length: count }, (_, index) => value((index + 0.5) / this.height));
    return (place) => values[Math.min(count - 1, Math.floor(place * this.height))] ?? 0;
  }

  /** 1 well inside a shape, 0 well outside, and between them where its edge crosses a pixel. */
  cover(inside: number): number {
    return Math.min(1, Math.max(0, inside * this.height + 0.5));
  }

  /** Three bytes for each pixel, row by row from the top. Dithered, since slow gradients show bands in 8 bits. */
  rgb(): Uint8ClampedArray {
    const pixels = this.#pixels;
    const bytes = new Uint8ClampedArray(pixels.length);
    for (let at = 0, state = 1; at < bytes.length; at++) {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
      bytes[at] = (pixels[at] ?? 0) * 255 + state / 2 ** 31;
    }
    return bytes;
  }
}
