import { type Composition, SUBJECT_POSITIONS } from '../image.ts';
import { aspectRatio } from './aspect.ts';
import type { Luma } from './luma.ts';
import { round } from './round.ts';

/** Cells along the longer side. */
const CELLS = 24;

/** Standard deviation of luma (0 to 255) in a cell below which there is nothing to see: skies, walls, bokeh. */
const PLAIN = 5;

/** Standard deviation of the detail's place, as a fraction of a side; detail that is everywhere has 0.29. */
const SPREAD = 0.22;

/** Sides whose ratio is closer to 1 than this look square. */
const SQUARE = 1.05;

/**
 * Where the detail of a picture sits. Detail is the standard deviation of luma in the cells of a grid; what exceeds the
 * median cell (the texture of the background) has a centre of mass, and that lies in one of the nine fields of the rule
 * of thirds, unless the detail is spread out along either axis. `negativeSpace` is the share of cells without detail.
 * @param image upright size in pixels, for orientation and aspect
 */
export function measureComposition(
  luma: Luma,
  image: { readonly width: number; readonly height: number },
): Omit<Composition, 'sharpness'> {
  const cells = detailOf(luma);
  const plain = cells.filter(({ detail }) => detail < PLAIN).length;
  const ratio = image.width / image.height;
  const orientation = ratio > SQUARE ? 'landscape' : ratio < 1 / SQUARE ? 'portrait' : 'square';
  return {
    orientation,
    aspect: orientation === 'square' ? '1:1' : aspectRatio(image.width, image.height),
    subject: subjectOf(cells),
    negativeSpace: round(plain / cells.length),
  };
}

interface Cell {
  /** The centre, as fractions of the image. */
  readonly x: number;
  readonly y: number;
  readonly detail: number;
}

function detailOf({ data, width, height }: Luma): Cell[] {
  const size = Math.max(2, Math.ceil(Math.max(width, height) / CELLS));
  const cells: Cell[] = [];
  for (let top = 0; top < height; top += size) {
    for (let left = 0; left < width; left += size) {
      const right = Math.min(left + size, width);
      const bottom = Math.min(top + size, height);
      let [total, squared] = [0, 0];
      for (let y = top; y < bottom; y++) {
        for (let x = left; x < right; x++) {
          const value = data[y * width + x] ?? 0;
          total += value;
          squared += value * value;
        }
      }
      const pixels = (right - left) * (bottom - top);
      const detail = Math.sqrt(Math.max(0, squared / pixels - (total / pixels) ** 2));
      cells.push({ x: (left + right) / 2 / width, y: (top + bottom) / 2 / height, detail });
    }
  }
  return cells;
}

function subjectOf(cells: readonly Cell[]): Composition['subject'] {
  const median =
    cells.map(({ detail }) => detail).toSorted((one, other) => one - other)[cells.length >> 1] ?? 0;
  const background = Math.max(PLAIN, median);
  let [weight, x, y, xx, yy] = [0, 0, 0, 0, 0];
  for (const cell of cells) {
    const excess = Math.max(0, cell.detail - background);
    weight += excess;
    x += excess * cell.x;
    y += excess * cell.y;
    xx += excess * cell.x ** 2;
    yy += excess * cell.y ** 2;
  }
  if (weight === 0) return 'spread';
  const [centerX, centerY] = [x / weight, y / weight];
  const variance = Math.max(xx / weight - centerX ** 2, yy / weight - centerY ** 2);
  if (variance > SPREAD ** 2) return 'spread';
  return SUBJECT_POSITIONS[3 * third(centerY) + third(centerX)] ?? 'spread';
}

function third(position: number): number {
  return Math.min(2, Math.floor(3 * position));
}
