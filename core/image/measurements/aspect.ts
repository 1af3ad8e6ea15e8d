/** Relative error that nobody sees: 1999 x 1333 is 3:2 to everyone. */
const TOLERANCE = 0.01;

/** The ratio of two sides in the smallest integers within the tolerance: "3:2", "9:16". */
export function aspectRatio(width: number, height: number): string {
  const ratio = Math.max(width, height) / Math.min(width, height);
  let short = 1;
  while (Math.abs(Math.round(ratio * short) / short - ratio) > TOLERANCE * ratio) short++;
  const long = Math.round(ratio * short);
  return width >= height ? `${long}:${short}` : `${short}:${long}`;
}
