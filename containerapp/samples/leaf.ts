import { around, type Canvas } from './canvas.ts';
import { color } from './ink.ts';
import { smoothStep } from './noise.ts';

const LEAF = color('#4c7a34');
const LEAF_LIGHT = color('#9cbb58');

export interface Leaf {
  readonly x: number;
  readonly y: number;
  /** Where its tip points, in radians clockwise from the right. */
  readonly angle: number;
  readonly size: number;
}

export function paintLeaf(canvas: Canvas, { x: stemX, y: stemY, angle, size }: Leaf): void {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  canvas.paint(
    (ink, x, y) => {
      const along = ((x - stemX) * cos + (y - stemY) * sin) / size;
      if (along < 0 || along > 1) return 0;
      const bow = 0.12 * Math.sin(along * Math.PI);
      const aside = ((y - stemY) * cos - (x - stemX) * sin) / size + bow;
      const wide = 0.21 * Math.sin(along ** 0.8 * Math.PI) + 0.012 * (1 - along);
      const vein = Math.abs((along * 7 - Math.abs(aside) * 6) % 1);
      ink
        .set(LEAF)
        .mix(LEAF_LIGHT, aside < 0 ? 0.55 : 0.05)
        .shade(0.85 + 0.25 * smoothStep(0.1, 0.3, vein));
      ink.mix(LEAF_LIGHT, smoothStep(0.016, 0.006, Math.abs(aside)) * 0.8);
      return canvas.cover((wide - Math.abs(aside)) * size);
    },
    around(stemX, stemY, size),
  );
}
