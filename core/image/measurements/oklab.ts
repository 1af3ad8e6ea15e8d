/**
 * OKLab, a colour space in which equal distances look equally different.
 * Matrices: Björn Ottosson, "A perceptual color space for image processing" (2020), bottosson.github.io/posts/oklab.
 */
export interface Oklab {
  /** Lightness: 0 black, 1 white. */
  readonly L: number;
  /** Green (negative) to red. */
  readonly a: number;
  /** Blue (negative) to yellow. */
  readonly b: number;
}

/** The largest chroma in sRGB: that of `#ff00ff`. */
export const MAX_CHROMA = 0.3225;

/** sRGB bytes to linear light, 0 to 1 (IEC 61966-2-1). */
const LINEAR: readonly number[] = Array.from({ length: 256 }, (_, byte) => {
  const value = byte / 255;
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
});

export function toLinear(byte: number): number {
  return LINEAR[byte] ?? 0;
}

function toByte(linear: number): number {
  const value = linear <= 0.0031308 ? 12.92 * linear : 1.055 * linear ** (1 / 2.4) - 0.055;
  return Math.round(255 * Math.min(1, Math.max(0, value)));
}

/** Of sRGB bytes, 0 to 255. */
export function toOklab(red: number, green: number, blue: number): Oklab {
  return linearToOklab(toLinear(red), toLinear(green), toLinear(blue));
}

/** Of linear sRGB, 0 to 1. */
export function linearToOklab(r: number, g: number, b: number): Oklab {
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return {
    L: 0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    a: 1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    b: 0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  };
}

/** `#rrggbb`; a colour outside sRGB is clipped to it. */
export function toHex({ L, a, b }: Oklab): string {
  const l = (L + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (L - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (L - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const channels = [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
  return `#${channels.map((channel) => toByte(channel).toString(16).padStart(2, '0')).join('')}`;
}

export function fromHex(hex: string): Oklab {
  const rgb = Number.parseInt(hex.slice(1), 16);
  return toOklab(rgb >> 16, (rgb >> 8) & 255, rgb & 255);
}

export function chroma({ a, b }: Oklab): number {
  return Math.hypot(a, b);
}

/** The square of the distance that OKLab defines as the difference of two colours. */
export function squaredDistance(one: Oklab, other: Oklab): number {
  return (one.L - other.L) ** 2 + (one.a - other.a) ** 2 + (one.b - other.b) ** 2;
}
