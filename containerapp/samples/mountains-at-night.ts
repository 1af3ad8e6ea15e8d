import { Canvas } from './canvas.ts';
import { type Color, color, type Gradient } from './ink.ts';
import { MOON, MOONLIGHT, paintMoon, paintStars } from './night-sky.ts';
import { fractalNoise, type Noise, randomNumbers, smoothStep } from './noise.ts';
import { convex, length } from './shapes.ts';

const SHORE = 0.8;

const SKY: Gradient = [
  [0, color('#050a1e')],
  [0.45, color('#10244c')],
  [0.75, color('#28487c')],
  [1, color('#4a6f9f')],
];
const SNOW = color('#a9c0dd');
const SNOW_SHADE = color('#3d5580');
const ROCK = color('#18233f');
const HAZE = color('#2b4a7c');
const HILLS: readonly Color[] = [color('#182d55'), color('#0e1c3b'), color('#081127')];
const WATER = color('#081530');
const PINE = color('#03060f');
const LAMP = color('#ffc36b');

/** A clear winter night: snow under the moon, a lake, one lit window. */
export function mountainsAtNight(): Canvas {
  const canvas = new Canvas(1136, 640);
  canvas.paint((ink, _x, y) => {
    ink.along(SKY, y / 0.62);
    return 1;
  });
  paintStars(canvas);
  paintMoon(canvas);
  paintPeaks(canvas);
  paintHills(canvas);
  paintCabin(canvas);
  paintLake(canvas);
  paintPines(canvas);
  return canvas;
}

function paintPeaks(canvas: Canvas): void {
  const outline = fractalNoise(41, 6);
  const rock = fractalNoise(43, 5);
  const top = canvas.perColumn((x) => 0.61 - 0.44 * peak(outline, x));
  // Spurs run down from the crest; light comes from the right, so that their right flanks are lit.
  const spur = (x: number, y: number) => Math.abs(rock(x * 4.5 + y * 1.3, y * 3.2) * 2 - 1);
  canvas.paint(
    (ink, x, y) => {
      const below = y - top(x);
      if (below < -0.002) return 0;
      const height = spur(x, y);
      const lit = smoothStep(-0.045, 0.055, spur(x + 0.008, y - 0.003) - height);
      ink.set(SNOW_SHADE).mix(SNOW, lit);
      ink.mix(ROCK, 0.8 * smoothStep(-0.06, 0.05, y - 0.36 - height * 0.55 + lit * 0.06));
      ink.mix(HAZE, smoothStep(0.36, 0.64, y) * 0.9);
      return canvas.cover(below);
    },
    { left: 0, top: 0.1, right: canvas.aspect, bottom: 0.72 },
  );
}

/** How high the mountains reach, 0 to 1: a crest where the noise crosses its middle. */
function peak(noise: Noise, x: number): number {
  return (1 - Math.abs(noise(x * 1.9 + 0.65, 3) * 2 - 1) * 1.5) * (0.75 + 0.25 * noise(x * 7, 9));
}

function paintHills(canvas: Canvas): void {
  const noise = fractalNoise(61, 6);
  for (const [index, hill] of HILLS.entries()) {
    const base = 0.6 + index * 0.075;
    // Far woods are seen as rough edges.
    const top = canvas.perColumn(
      (x) => base - 0.17 * (noise(x * (1.1 + index * 0.5) + index * 31, 5) - 0.4) - 0.02 * noise(x * 70, 8),
    );
    canvas.paint(
      (ink, x, y) => {
        const below = y - top(x);
        ink.set(hill).mix(HAZE, smoothStep(0.02, 0.16, below) * (0.5 - index * 0.2));
        return canvas.cover(below);
      },
      { left: 0, top: 0.45, right: canvas.aspect, bottom: SHORE + 0.01 },
    );
  }
}

function paintCabin(canvas: Canvas): void {
  const wall = convex([0.5, 0.76], [0.57, 0.76], [0.57, 0.8], [0.5, 0.8]);
  const roof = convex([0.535, 0.727], [0.582, 0.764], [0.488, 0.764]);
  const window = convex([0.522, 0.771], [0.538, 0.771], [0.538, 0.787], [0.522, 0.787]);
  canvas.paint(
    (ink, x, y) => {
      const lit = canvas.cover(window(x, y));
      const glow = smoothStep(0.09, 0, length(x - 0.53, y - 0.779)) ** 3 * 0.5;
      ink.set(PINE).mix(LAMP, Math.max(lit, glow * 0.5));
      const built = canvas.cover(Math.max(wall(x, y), roof(x, y)));
      if (built === 0) ink.set(LAMP);
      return Math.max(built, glow);
    },
    { left: 0.43, top: 0.68, right: 0.64, bottom: SHORE },
  );
}

/** The land upside down, drawn out by the ripples. */
function paintLake(canvas: Canvas): void {
  const ripples = fractalNoise(71, 3);
  const mirror = canvas.copy();
  canvas.paint(
    (ink, x, y) => {
      const depth = y - SHORE;
      const far = 1 / (depth + 0.05);
      const ripple = ripples(x * far * 0.5, far * 9) - 0.5;
      mirror.pick(ink, x + ripple * 0.012, SHORE - depth * 1.9 + ripple * 0.09 * (0.2 + depth * 4));
      ink.mix(WATER, 0.35 + depth * 1.2);
      const path = (x - MOON.x) / (0.05 + depth * 0.35);
      ink.mix(MOONLIGHT, Math.exp(-path * path) * smoothStep(0.02, 0.24, ripple) * 0.8);
      return canvas.cover(depth);
    },
    { left: 0, top: SHORE - 0.01, right: canvas.aspect, bottom: 1 },
  );
}

function paintPines(canvas: Canvas): void {
  const random = randomNumbers(19);
  const edges = [0.02, 0.1, 0.17, 0.25, 0.33, 1.5, 1.57, 1.66, 1.72, 1.78];
  for (const middle of edges) {
    const height = 0.28 + 0.34 * random() - 0.35 * Math.min(middle, Math.abs(canvas.aspect - middle));
    const foot = 1.02;
    canvas.paint(
      (ink, x, y) => {
        const down = (y - foot + height) / height;
        if (down < 0) return 0;
        // Branches: the outline swings out and back in, more and wider towards the foot.
        const branch = (down * 13) % 1;
        const wide = height * 0.21 * (0.12 + down) * (0.45 + 0.55 * branch);
        ink.set(PINE);
        return canvas.cover(wide - Math.abs(x - middle) - 0.004 * (1 - down));
      },
      { left: middle - height * 0.26, top: foot - height, right: middle + height * 0.26, bottom: 1 },
    );
  }
}
