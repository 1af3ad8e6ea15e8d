import { Canvas } from './canvas.ts';
import { color, type Gradient } from './ink.ts';
import { fractalNoise, smoothStep, valueNoise } from './noise.ts';
import { convex, length } from './shapes.ts';

const HORIZON = 0.64;
const SUN = { x: 0.46, y: 0.535, radius: 0.062 };

const SKY: Gradient = [
  [0, color('#3f3566')],
  [0.3, color('#8a4f7e')],
  [0.58, color('#d96a6c')],
  [0.8, color('#f8945a')],
  [1, color('#ffc873')],
];
const SEA: Gradient = [
  [0, color('#e58a5c')],
  [0.15, color('#bb6a66')],
  [0.5, color('#6d4668')],
  [1, color('#2f2546')],
];
const SUNLIGHT = color('#ffb45a');
const SUN_DISC = color('#fff4cf');
const CLOUD_SHADE = color('#5a3f74');
const CLOUD_LIGHT = color('#ffab7a');
const HEADLAND = color('#5b3b66');
const BOAT = color('#2a1b3a');

/** Evening at the coast: the sun left of the middle, its path on the water, one sail. */
export function sunsetOverTheSea(): Canvas {
  const canvas = new Canvas(1080, 720);
  paintSky(canvas);
  paintClouds(canvas);
  paintSea(canvas);
  paintHeadland(canvas);
  paintBoat(canvas);
  return canvas;
}

function paintSky(canvas: Canvas): void {
  const area = { left: 0, top: 0, right: canvas.aspect, bottom: HORIZON + 0.01 };
  canvas.paint((ink, x, y) => {
    const distance = length(x - SUN.x, y - SUN.y);
    ink.along(SKY, y / HORIZON);
    ink.mix(SUNLIGHT, 0.75 * Math.exp(-distance * distance * 9));
    const glow = smoothStep(0.16, 0, distance - SUN.radius);
    ink.mix(SUN_DISC, 0.75 * glow * glow * glow);
    ink.mix(SUN_DISC, canvas.cover(SUN.radius - distance));
    return 1;
  }, area);
}

/** Flat banks, lit from below where they are thin and near the sun. */
function paintClouds(canvas: Canvas): void {
  const noise = fractalNoise(11, 4);
  canvas.paint(
    (ink, x, y) => {
      const height = y / HORIZON;
      const density = noise(x * 1.9 + y * 1.2 + 3, y * 7.5);
      const cover = smoothStep(0.5, 0.72, density) * smoothStep(1.02, 0.8, height);
      if (cover === 0) return 0;
      const near = Math.exp(-length(x - SUN.x, (y - SUN.y) * 1.4) * 2.2);
      const thin = smoothStep(0.78, 0.52, density);
      ink.set(CLOUD_SHADE).mix(CLOUD_LIGHT, thin * (0.25 + 0.75 * near) + 0.35 * near);
      return cover * 0.85;
    },
    { left: 0, top: 0, right: canvas.aspect, bottom: HORIZON },
  );
}

function paintSea(canvas: Canvas): void {
  const waves = fractalNoise(23, 3);
  const sparkle = valueNoise(31);
  canvas.paint(
    (ink, x, y) => {
      const near = (y - HORIZON) / (1 - HORIZON);
      if (near < 0) return 0;
      // The water lies flat: what is farther away is drawn closer together.
      const far = 1 / (near + 0.09);
      const wave = waves((x - 0.75) * far * 4.2 + 40, far * 17) - 0.5;
      const swell = wave * smoothStep(0, 0.12, near);
      ink.along(SEA, near - swell * 0.42);
      ink.mix(SUNLIGHT, 0.4 * Math.exp(-Math.abs(x - SUN.x) * 3.5) * Math.exp(-near * 2.5));
      const path = (x - SUN.x) / (0.05 + 0.16 * near);
      const glint = sparkle((x - 0.75) * far * 15 + 70, far * 42);
      const lit =
        Math.exp(-path * path) * smoothStep(0.42 + 0.2 * near, 0.85, glint * 0.6 + wave * 0.7 + 0.35);
      ink.mix(SUN_DISC, lit * (1 - 0.25 * near));
      ink.mix(SUNLIGHT, 0.28 * Math.exp(-path * path));
      return canvas.cover(y - HORIZON);
    },
    { left: 0, top: HORIZON - 0.01, right: canvas.aspect, bottom: 1 },
  );
}

function paintHeadland(canvas: Canvas): void {
  const noise = fractalNoise(5, 4);
  canvas.paint(
    (ink, x, y) => {
      const rise = smoothStep(0.98, 1.5, x) * 0.12 * (0.55 + 0.9 * noise(x * 5, 1)) - 0.004;
      ink
        .set(HEADLAND)
        .mix(SUNLIGHT, 0.25 * smoothStep(1.5, 1, x) + 0.12 * smoothStep(HORIZON - 0.1, HORIZON, y));
      return canvas.cover(y - HORIZON + rise) * canvas.cover(HORIZON + 0.002 - y);
    },
    { left: 0.95, top: 0.45, right: canvas.aspect, bottom: HORIZON + 0.01 },
  );
}

function paintBoat(canvas: Canvas): void {
  const hull = convex([0.845, 0.668], [0.965, 0.662], [0.94, 0.69], [0.86, 0.69]);
  const sail = convex([0.905, 0.49], [0.96, 0.655], [0.905, 0.655]);
  const jib = convex([0.899, 0.515], [0.899, 0.655], [0.852, 0.657]);
  const mast = convex([0.9, 0.48], [0.904, 0.48], [0.904, 0.67], [0.9, 0.67]);
  const parts = [hull, sail, jib, mast];
  canvas.paint(
    (ink, x, y) => {
      ink.set(BOAT).mix(SUNLIGHT, 0.25 * smoothStep(0.91, 0.85, x) * smoothStep(0.68, 0.6, y));
      return canvas.cover(Math.max(...parts.map((inside) => inside(x, y))));
    },
    { left: 0.83, top: 0.47, right: 0.98, bottom: 0.7 },
  );
  canvas.paint(
    (ink, x, y) => {
      ink.set(BOAT);
      const depth = (y - 0.688) / 0.13;
      const wide = 0.05 * (1 - depth * 0.5);
      const ripple = Math.sin(y * 420) * 0.012 * (0.3 + depth);
      return 0.55 * (1 - depth) * smoothStep(wide, wide * 0.4, Math.abs(x - 0.903 + ripple));
    },
    { left: 0.8, top: 0.688, right: 1.01, bottom: 0.818 },
  );
}
