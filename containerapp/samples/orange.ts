import { around, type Canvas } from './canvas.ts';
import { color, type Ink } from './ink.ts';
import { type Noise, smoothStep } from './noise.ts';
import { length } from './shapes.ts';

export const PEEL = color('#f08a1d');
const PEEL_LIGHT = color('#ffb648');
const PEEL_SHADE = color('#9a3a0c');
const BOUNCE = color('#c08a55');
const STALK = color('#5a6b2c');
const GLOSS = color('#fff6e4');

/** Where the light comes from: left, above and in front. */
export const LIGHT = { x: -0.56, y: -0.6, z: 0.57 };

export interface Orange {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
  /** Where its stalk was, as a direction in the picture; null where it looks away. */
  readonly stalk: readonly [x: number, y: number] | null;
}

/** @param peel what its pores are made of, one for all of them */
export function paintOrange(canvas: Canvas, orange: Orange, peel: Noise): void {
  const { x: middle, y: height, radius, stalk } = orange;
  canvas.paint(
    (ink, x, y) => {
      const [right, down] = [(x - middle) / radius, (y - height) / radius];
      const out = length(right, down);
      if (out > 1.02) return 0;
      const front = Math.sqrt(Math.max(0, 1 - out * out));
      // The pores of the peel, drawn together towards the rim as on a ball.
      const [u, v] = [
        (right / (0.55 + front)) * 17 + middle * 90,
        (down / (0.55 + front)) * 17 + height * 90,
      ];
      const pore = peel(u, v);
      const [dentX, dentY] = [(peel(u + 0.2, v) - pore) * 0.9, (peel(u, v + 0.2) - pore) * 0.9];
      let crater = 0;
      if (stalk) {
        const away = length(right - stalk[0], (down - stalk[1]) * 1.4);
        crater = smoothStep(0.26, 0.04, away);
      }
      shadePeel(ink, right + dentX, down + dentY, front, crater);
      if (stalk) paintStalk(ink, right - stalk[0], (down - stalk[1]) * 1.4);
      return canvas.cover((1 - out) * radius);
    },
    around(middle, height, radius * 1.02),
  );
}

/** Lambert's law softened round the edge of the light, what the table throws back, and a gloss. */
function shadePeel(ink: Ink, right: number, down: number, front: number, crater: number): void {
  const facing = right * LIGHT.x + down * LIGHT.y + front * LIGHT.z - crater * 0.35;
  const lit = smoothStep(-0.3, 0.95, facing);
  const bounce = smoothStep(0.3, 1, down) * 0.3 * (1 - lit);
  ink
    .set(PEEL_SHADE)
    .shade(0.42 + 0.4 * lit)
    .mix(PEEL, smoothStep(0, 0.65, lit))
    .mix(PEEL_LIGHT, 0.7 * smoothStep(0.6, 1, lit));
  ink.light(BOUNCE, bounce);
  const gloss = smoothStep(0.86, 1, right * -0.36 + down * -0.42 + front * 0.83);
  ink.mix(GLOSS, gloss * gloss * 0.62);
}

function paintStalk(ink: Ink, right: number, down: number): void {
  const angle = Math.atan2(down, right);
  const star = 0.06 + 0.022 * Math.cos(angle * 5);
  ink.mix(STALK, smoothStep(star + 0.015, star - 0.015, length(right, down)));
}
