import { around, type Canvas } from './canvas.ts';
import { color } from './ink.ts';
import { smoothStep, valueNoise } from './noise.ts';
import { LIGHT, type Orange, PEEL } from './orange.ts';
import { length } from './shapes.ts';

const PITH = color('#ffeecb');
const FLESH = color('#ff9d2a');
const JUICE = color('#ffc861');

/** The cut face, leaning back a little: rind, pith, ten segments. */
export function paintHalf(canvas: Canvas, { x: middle, y: height, radius }: Orange): void {
  const pulp = valueNoise(13);
  canvas.paint(
    (ink, x, y) => {
      const [right, down] = [(x - middle) / radius, (y - height) / (radius * 0.96)];
      const out = length(right, down);
      if (out > 1.04) return 0;
      const angle = (Math.atan2(down, right) / (2 * Math.PI) + 1.15) * 10;
      const segment = Math.floor(angle);
      const side = Math.abs(angle - segment - 0.5) * 2;
      const wall = (1 - side) * out * 0.31;
      const drops =
        pulp(angle * 5, out * 4 + segment * 7) * 0.6 + pulp(angle * 11, out * 7 + segment * 3) * 0.4;
      ink
        .set(FLESH)
        .mix(JUICE, smoothStep(0.35, 0.8, drops) * 0.8)
        .shade(0.9 + 0.1 * drops);
      const flesh =
        smoothStep(0.008, 0.026, wall) *
        smoothStep(0.9, 0.86, out + 0.09 * side ** 6) *
        smoothStep(0.07, 0.13, out);
      ink.mix(PITH, 1 - flesh);
      ink.mix(PEEL, smoothStep(0.93, 0.955, out));
      ink.shade(0.96 + 0.12 * (right * LIGHT.x + down * LIGHT.y));
      return canvas.cover((1 - out) * radius);
    },
    around(middle, height, radius * 1.02),
  );
}
