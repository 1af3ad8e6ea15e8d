import { Canvas } from './canvas.ts';
import { color, type Gradient } from './ink.ts';
import { fractalNoise, randomNumbers, smoothStep, valueNoise } from './noise.ts';
import { length } from './shapes.ts';
import { MIST, paintTree } from './tree.ts';

const FOG: Gradient = [
  [0, color('#e4e9e0')],
  [0.5, color('#f6f5ec')],
  [0.7, color('#eceee4')],
  [1, color('#cfd5c6')],
];
const LEAVES = color('#8fa083');
const GROUND = color('#8d9a7c');
const FALLEN_LEAVES = color('#c2a87e');
const PATH = color('#dcd6c6');
const SUNBEAM = color('#fffdf0');

/** A morning in the mist: trunks fading into the white, a path between them. */
export function foggyForest(): Canvas {
  const canvas = new Canvas(720, 1080);
  canvas.paint((ink, _x, y) => {
    ink.along(FOG, y);
    return 1;
  });
  const random = randomNumbers(8);
  const bark = valueNoise(21);
  /** @param near 0 far away to 1 in front */
  const paintRow = (trees: number, near: number) => {
    for (let tree = 0; tree < trees; tree++) {
      paintTree(canvas, near, (tree + 0.15 + 0.7 * random()) / trees, bark, random);
    }
  };
  paintRow(17, 0);
  paintRow(13, 0.2);
  paintGround(canvas);
  paintRow(9, 0.42);
  paintRow(6, 0.68);
  paintLeaves(canvas);
  paintRow(3, 1);
  paintMist(canvas);
  paintSunbeams(canvas);
  return canvas;
}

/** What is left of the crowns, at the sides where the sun does not eat them up. */
function paintLeaves(canvas: Canvas): void {
  const noise = fractalNoise(31, 3);
  canvas.paint(
    (ink, x, y) => {
      const edge = Math.abs(x / canvas.aspect - 0.52) * 0.9 - y * 0.95;
      if (edge < -0.24) return 0;
      ink.set(MIST).mix(LEAVES, 0.75);
      return smoothStep(0.5, 0.6, noise(x * 9, y * 9) + edge) * 0.7;
    },
    { left: 0, top: 0, right: canvas.aspect, bottom: 0.7 },
  );
}

function paintGround(canvas: Canvas): void {
  const noise = fractalNoise(15, 4);
  canvas.paint(
    (ink, x, y) => {
      const near = (y - 0.7) / 0.3;
      const far = 1 / (Math.max(0, near) + 0.2);
      const rough = noise((x - 0.33) * far * 8 + 20, far * 22);
      ink.set(MIST).mix(GROUND, smoothStep(-0.15, 0.9, near) * (0.45 + 0.6 * rough));
      ink.mix(FALLEN_LEAVES, smoothStep(0.52, 0.66, rough) * near * 0.55);
      const bend = 0.34 + 0.07 * Math.sin(near * 3.4 + 0.4);
      const wide = 0.02 + 0.13 * near;
      ink.mix(
        PATH,
        0.9 * smoothStep(wide, wide * 0.6, Math.abs(x - bend) + (rough - 0.5) * 0.16 * (0.15 + near)),
      );
      return smoothStep(-0.1, 0.08, near + (rough - 0.5) * 0.08);
    },
    { left: 0, top: 0.66, right: canvas.aspect, bottom: 1 },
  );
}

function paintMist(canvas: Canvas): void {
  const noise = fractalNoise(80, 2);
  canvas.paint(
    (ink, x, y) => {
      ink.set(MIST);
      const bank = smoothStep(0.3, 0.75, noise(x * 2.4, y * 7));
      return bank * smoothStep(0.5, 0.7, y) * smoothStep(0.95, 0.74, y) * 0.75;
    },
    { left: 0, top: 0.5, right: canvas.aspect, bottom: 0.95 },
  );
}

function paintSunbeams(canvas: Canvas): void {
  const noise = valueNoise(99);
  const sun = { x: 0.5, y: -0.12 };
  canvas.paint(
    (ink, x, y) => {
      ink.set(SUNBEAM);
      const [right, down] = [x - sun.x, y - sun.y];
      const beam = smoothStep(0.45, 0.8, noise((right / down) * 14 + 40, 1));
      return beam * 0.32 * smoothStep(1, 0.2, down) + 0.45 * smoothStep(0.6, 0, length(right, down)) ** 2;
    },
    { left: 0, top: 0, right: canvas.aspect, bottom: 0.88 },
  );
}
