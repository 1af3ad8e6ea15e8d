import type { Luma } from './luma.ts';
import { round } from './round.ts';

/** Squared gradient, in levels of luma per pixel, below which a pixel lies on no edge: noise and compression. */
const EDGE = 8 ** 2;

/** Laplacian over gradient energy at edges one pixel wide, and at edges too soft to guide the eye. */
const CRISP = 2.5;
const BLURRED = 0.02;

/**
 * 0 (blurred) to 1 (crisp): the energy of the Laplacian at edges, over that of the gradient there. Both are classic
 * focus measures (Pech-Pacheco et al., "Diatom autofocusing in brightfield microscopy", 2000: variance of the
 * Laplacian; Tenenbaum 1970: squared gradient). An edge blurred by a Gaussian of σ pixels has a quotient in proportion to 1/σ²
 * whatever its contrast, so a crisp subject on an empty ground counts as crisp. Mapped by the logarithm between two bounds.
 * An image without edges has 0. Meant for a longest side of 512 pixels, which is about what a viewer sees.
 */
export function measureSharpness({ data, width, height }: Luma): number {
  let [bend, slope] = [0, 0];
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1; x < width - 1; x++) {
      const at = y * width + x;
      const left = data[at - 1] ?? 0;
      const right = data[at + 1] ?? 0;
      const above = data[at - width] ?? 0;
      const below = data[at + width] ?? 0;
      const gradient = ((right - left) ** 2 + (below - above) ** 2) / 4;
      if (gradient < EDGE) continue;
      slope += gradient;
      bend += (left + right + above + below - 4 * (data[at] ?? 0)) ** 2;
    }
  }
  if (slope === 0) return 0;
  const position = Math.log(bend / slope / BLURRED) / Math.log(CRISP / BLURRED);
  return round(Math.min(1, Math.max(0, position)));
}
