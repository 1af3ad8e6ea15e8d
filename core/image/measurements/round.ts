/** To three decimals: what a measurement of pixels is good for, and short in JSON. */
export function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
