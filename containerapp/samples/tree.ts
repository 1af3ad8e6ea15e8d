import type { Canvas } from './canvas.ts';
import { color } from './ink.ts';
import { mix, type Noise, type Random, smoothStep } from './noise.ts';

/** What everything fades into with distance. */
export const MIST = color('#eceee6');
const BARK = color('#59625a');
const BARK_LIGHT = color('#a3a797');

/** @param near 0 far away to 1 in front; @param across 0 left to 1 right */
export function paintTree(canvas: Canvas, near: number, across: number, bark: Noise, random: Random): void {
  // In front they stand at the sides, where the path leaves room for them.
  const aside = across < 0.5 ? mix(across, 0.09, near * near) : mix(across, 0.9, near * near);
  const middle = canvas.aspect * (aside + (across - 0.5) * 0.12 * near);
  const foot = 0.7 + 0.24 * near * near;
  const half = mix(0.0035, 0.034, near ** 1.6) * (0.75 + 0.5 * random());
  const lean = (random() - 0.5) * 0.08;
  const seed = random() * 200;
  const tone = 0.2 + 0.75 * near ** 1.2;
  const line = canvas.perRow((y) => middle + lean * (foot - y) + (bark(seed, y * 4) - 0.5) * half * 2.2);
  // Roots spread at the foot; the trunk grows thinner upwards.
  const wide = canvas.perRow(
    (y) => half * (0.55 + 0.45 * y) * (1 + 1.3 * smoothStep(foot - half * 4, foot, y) ** 2),
  );
  for (let branch = 0; branch < 3; branch++) {
    const start = mix(0.04, 0.44, random());
    paintBranch(canvas, { x: line(start), y: start, side: random() < 0.5 ? -1 : 1, half: half * 0.3, tone });
  }
  canvas.paint(
    (ink, x, y) => {
      const off = x - line(y);
      const cover = canvas.cover(wide(y) - Math.abs(off));
      if (cover === 0) return 0;
      const grain = bark((off / half) * 4 + seed, y * 26 * (1.2 - near));
      ink.set(BARK).mix(BARK_LIGHT, 0.75 * smoothStep(0.2, -1, off / wide(y)) + 0.3 * grain * near);
      ink.mix(MIST, 1 - tone * (1 - 0.55 * smoothStep(foot - 0.3, foot, y) * (1 - near)));
      return cover * smoothStep(foot + 0.012, foot - 0.006, y);
    },
    {
      left: middle + Math.min(0, lean * foot) - half * 2.4,
      top: 0,
      right: middle + Math.max(0, lean * foot) + half * 2.4,
      bottom: foot + 0.02,
    },
  );
}

interface Branch {
  readonly x: number;
  readonly y: number;
  readonly side: -1 | 1;
  /** Half its thickness where it leaves the trunk. */
  readonly half: number;
  readonly tone: number;
}

function paintBranch(canvas: Canvas, { x: startX, y: startY, side, half, tone }: Branch): void {
  const reach = half * 22;
  canvas.paint(
    (ink, x, y) => {
      const along = ((x - startX) * side) / reach;
      if (along < 0 || along > 1) return 0;
      const rise = reach * (1.15 * along - 0.45 * along * along + 0.03 * Math.sin(along * 17));
      ink.set(MIST).mix(BARK, tone);
      return canvas.cover(half * (1 - 0.85 * along) - Math.abs(y - startY + rise) * 0.72);
    },
    {
      left: Math.min(startX, startX + side * reach),
      top: startY - reach * 0.8,
      right: Math.max(startX, startX + side * reach),
      bottom: startY + half * 2,
    },
  );
}
