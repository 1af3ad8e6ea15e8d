/** Kelvin. Beyond these the Planckian locus hardly changes colour. */
const MIN = 1000;
const MAX = 40000;

/** What a picture without colour has: D65, the white of sRGB. */
const NEUTRAL = 6500;

/** Kelvin; the formula is not more exact than this. */
const STEP = 50;

/** Relative luminance of `#030303`; darker than that, a colour is sensor noise. */
const BLACK = 0.001;

/** Where the lines of equal temperature meet (McCamy 1992), in CIE 1931 x and y. */
const EPICENTER = { x: 0.332, y: 0.1858 };

/** Left of here the cubic turns back and would call deep red less warm than orange. */
const WARMEST = -1.28;

/**
 * Correlated colour temperature of a linear sRGB colour (each channel 0 to 1), in kelvin.
 * C. S. McCamy, "Correlated color temperature as an explicit function of chromaticity coordinates" (1992):
 * n = (x - 0.3320) / (0.1858 - y), CCT = 449 n³ + 3525 n² + 6823.3 n + 5520.33. It is meant for colours near
 * white; others are held to the warmest or coolest it gives, so that more blue never reads as warmer.
 */
export function colorTemperature(red: number, green: number, blue: number): number {
  // IEC 61966-2-1, D65.
  const X = 0.4124 * red + 0.3576 * green + 0.1805 * blue;
  const Y = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  const Z = 0.0193 * red + 0.1192 * green + 0.9505 * blue;
  if (Y < BLACK) return NEUTRAL;
  const x = X / (X + Y + Z);
  const y = Y / (X + Y + Z);
  if (y <= EPICENTER.y) return x < EPICENTER.x ? MAX : MIN;
  const n = Math.max(WARMEST, (x - EPICENTER.x) / (EPICENTER.y - y));
  const kelvin = ((449 * n + 3525) * n + 6823.3) * n + 5520.33;
  return Math.min(MAX, Math.max(MIN, STEP * Math.round(kelvin / STEP)));
}
