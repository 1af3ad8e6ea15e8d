import { Canvas } from './canvas.ts';
import { paintHalf } from './half-orange.ts';
import { color } from './ink.ts';
import { paintLeaf } from './leaf.ts';
import { fractalNoise, smoothStep } from './noise.ts';
import { type Orange, paintOrange } from './orange.ts';
import { length } from './shapes.ts';

/** Where the table ends and the wall begins. */
const EDGE = 0.5;

const WALL = color('#2f5a5f');
const WALL_SHADE = color('#10272e');
const WOOD = color('#8a5a35');
const WOOD_DARK = color('#4f2f1c');
const WOOD_LIGHT = color('#c08a55');
const SHADOW = color('#1c1110');

const ORANGES: readonly Orange[] = [
  { x: 0.36, y: 0.47, radius: 0.155, stalk: [-0.12, -0.72] },
  { x: 0.63, y: 0.5, radius: 0.16, stalk: null },
  { x: 0.3, y: 0.66, radius: 0.165, stalk: [0.42, -0.4] },
];
const HALF: Orange = { x: 0.655, y: 0.72, radius: 0.15, stalk: null };

/** Three oranges and a half on a wooden table, before a dark wall. */
export function stillLifeWithOranges(): Canvas {
  const canvas = new Canvas(900, 900);
  paintWall(canvas);
  paintTable(canvas);
  const peel = fractalNoise(5, 2);
  for (const orange of ORANGES) paintShadow(canvas, orange);
  for (const orange of ORANGES) paintOrange(canvas, orange, peel);
  paintShadow(canvas, HALF);
  paintHalf(canvas, HALF);
  paintLeaf(canvas, { x: 0.3, y: 0.33, angle: -0.5, size: 0.15 });
  paintLeaf(canvas, { x: 0.36, y: 0.345, angle: -2.5, size: 0.11 });
  return canvas;
}

function paintWall(canvas: Canvas): void {
  const plaster = fractalNoise(77, 4);
  canvas.paint(
    (ink, x, y) => {
      const lit = smoothStep(1, 0, length(x - 0.25, y - 0.12) * 0.95);
      ink
        .set(WALL_SHADE)
        .mix(WALL, lit * 0.95)
        .shade(0.86 + 0.28 * plaster(x * 5, y * 5));
      return 1;
    },
    { left: 0, top: 0, right: 1, bottom: EDGE + 0.01 },
  );
}

function paintTable(canvas: Canvas): void {
  const grain = fractalNoise(9, 4);
  canvas.paint(
    (ink, x, y) => {
      const depth = 0.16 / (y - EDGE + 0.22);
      const across = (x - 0.5) * depth * 4;
      const board = Math.floor(depth * 9.5);
      const seam = Math.abs(depth * 9.5 - board - 0.5) * 2;
      const fibre = grain(across * 2.2 + board * 31, depth * 130);
      ink
        .set(WOOD_DARK)
        .mix(WOOD, smoothStep(0.2, 0.6, fibre))
        .mix(WOOD_LIGHT, 0.5 * smoothStep(0.5, 0.8, fibre));
      ink.mix(WOOD_DARK, smoothStep(0.93, 0.99, seam) * 0.8);
      ink.shade(0.45 + 0.75 * smoothStep(1.05, 0.1, length(x - 0.24, (y - 0.68) * 0.9)));
      return canvas.cover(y - EDGE);
    },
    { left: 0, top: EDGE - 0.01, right: 1, bottom: 1 },
  );
}

/** What falls on the table, away from the light, and darkest where the fruit touches the wood. */
function paintShadow(canvas: Canvas, { x: middle, y: height, radius }: Orange): void {
  const foot = height + radius * 0.86;
  canvas.paint(
    (ink, x, y) => {
      ink.set(SHADOW);
      const away = (x - middle - radius * 0.5) / radius;
      const long = length(
        away / (away > 0 ? 1.75 : 1.15),
        (y - foot + away * radius * 0.02) / (radius * 0.42),
      );
      const touch = length((x - middle) / (radius * 0.8), (y - foot - radius * 0.05) / (radius * 0.26));
      return (
        Math.max(0.62 * smoothStep(1.1, 0.35, long), 0.85 * smoothStep(1.05, 0.2, touch)) *
        canvas.cover(y - EDGE)
      );
    },
    { left: middle - radius * 1.3, top: EDGE, right: middle + radius * 2.8, bottom: foot + radius * 0.6 },
  );
}
