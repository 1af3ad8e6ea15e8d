import { around, type Canvas } from './canvas.ts';
import { color } from './ink.ts';
import { fractalNoise, randomNumbers, smoothStep } from './noise.ts';
import { length } from './shapes.ts';

export const MOON = { x: 1.32, y: 0.17, radius: 0.058 };
export const MOONLIGHT = color('#f5f2e3');
const SEAS_OF_THE_MOON = color('#ccd0d6');
const HALO = color('#8fb0e0');
const STAR = color('#e8efff');

export function paintStars(canvas: Canvas): void {
  const random = randomNumbers(7);
  for (let star = 0; star < 420; star++) {
    const [left, top] = [random() * canvas.aspect, random() ** 1.4 * 0.6];
    // Many faint stars, few bright ones, and none that outshine the moon beside it.
    const bright = (0.15 + 0.85 * random() ** 6) * smoothStep(0.1, 0.5, length(left - MOON.x, top - MOON.y));
    const size = 0.0016 + 0.0022 * bright;
    canvas.paint(
      (ink, x, y) => {
        ink.set(STAR);
        return bright * smoothStep(size, 0, length(x - left, y - top));
      },
      around(left, top, size),
    );
  }
}

export function paintMoon(canvas: Canvas): void {
  const noise = fractalNoise(2, 3);
  canvas.paint(
    (ink, x, y) => {
      const distance = length(x - MOON.x, y - MOON.y) - MOON.radius;
      const halo = smoothStep(0.42, 0, distance);
      const disc = canvas.cover(-distance);
      ink.set(MOONLIGHT).mix(SEAS_OF_THE_MOON, smoothStep(0.45, 0.62, noise(x * 34, y * 34)));
      ink.mix(HALO, 1 - disc);
      return Math.max(disc, halo ** 4 * 0.45);
    },
    { left: MOON.x - 0.48, top: 0, right: canvas.aspect, bottom: MOON.y + 0.48 },
  );
}
