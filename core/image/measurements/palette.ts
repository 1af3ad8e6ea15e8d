import type { PaletteColor, Raster } from '../image.ts';
import { nameColors } from './color-names.ts';
import { type Oklab, squaredDistance, toHex, toOklab } from './oklab.ts';
import { round } from './round.ts';

const MAX_COLORS = 6;

/** More than the palette holds, so that an accent is not averaged into what surrounds it. */
const CLUSTERS = 8;

/** Squared OKLab distance, over all pixels, that a group may hold unsplit. */
const ENOUGH = 0.0003;

const AXES = ['L', 'a', 'b'] as const;

const MAX_ROUNDS = 50;

/** Squared OKLab distance below which two clusters are one colour to the eye. */
const SAME_COLOR = 0.075 ** 2;

/** A smaller share is noise, or the blend along an edge. */
const MIN_SHARE = 0.02;

interface Cluster {
  readonly color: Oklab;
  /** Pixels. */
  readonly weight: number;
}

/**
 * The colours of a small raster (64 px is enough), by k-means in OKLab (Lloyd, "Least squares quantization in PCM", 1982).
 * Instead of at random, it is seeded by repeated halving, so that the same picture gives the same palette whatever its
 * size. Near-equal clusters are merged, tiny ones dropped.
 */
export function measurePalette(raster: Raster): PaletteColor[] {
  const points = histogram(raster);
  const total = sum(points);
  const merged = mergeNear(refine(points, seeds(points)));
  // Once more: which two shades of a gradient were merged should not decide where the others lie.
  const colors = refine(points, merged)
    .toSorted((one, other) => other.weight - one.weight)
    .filter(({ weight }, rank) => rank === 0 || weight >= MIN_SHARE * total)
    .slice(0, MAX_COLORS);
  const names = nameColors(colors.map(({ color }) => color));
  const shares = roundedShares(colors);
  return colors.map(({ color }, index) => ({
    hex: toHex(color),
    name: names[index] ?? '',
    share: shares[index] ?? 0,
  }));
}

/** Pixels gathered by the upper five bits of their channels: some hundred points instead of thousands. */
function histogram({ data }: Raster): Cluster[] {
  const cells = new Map<number, Cluster[]>();
  for (let at = 0; at + 2 < data.length; at += 3) {
    const red = data[at] ?? 0;
    const green = data[at + 1] ?? 0;
    const blue = data[at + 2] ?? 0;
    const key = ((red >> 3) << 10) | ((green >> 3) << 5) | (blue >> 3);
    const point = { color: toOklab(red, green, blue), weight: 1 };
    const cell = cells.get(key);
    if (cell) cell.push(point);
    else cells.set(key, [point]);
  }
  return [...cells.values()].map(mean);
}

/** Moves each cluster to the mean of the points nearest to it until none moves. */
function refine(points: readonly Cluster[], seeded: readonly Cluster[]): readonly Cluster[] {
  let clusters = seeded;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const members = clusters.map((): Cluster[] => []);
    for (const point of points) members[nearest(point, clusters)]?.push(point);
    const moved = members.filter((group) => group.length > 0).map(mean);
    const settled = moved.every(({ color }, index) => color.L === clusters[index]?.color.L);
    clusters = moved;
    if (settled) break;
  }
  return clusters;
}

/** Halves the group with most error, again and again, at its mean along the axis on which it is widest. */
function seeds(points: readonly Cluster[]): Cluster[] {
  const enough = ENOUGH * sum(points);
  const groups = [spreadOf(points)];
  while (groups.length < CLUSTERS) {
    const widest = groups.reduce((one, other) => (other.error > one.error ? other : one));
    if (widest.error <= enough) break;
    const { axis, center } = widest;
    const below = widest.points.filter(({ color }) => color[axis] < center.color[axis]);
    const above = widest.points.filter(({ color }) => color[axis] >= center.color[axis]);
    groups.splice(groups.indexOf(widest), 1, spreadOf(below), spreadOf(above));
  }
  return groups.map(({ center }) => center);
}

function spreadOf(points: readonly Cluster[]) {
  const center = mean(points);
  const along = { L: 0, a: 0, b: 0 };
  for (const { color, weight } of points) {
    for (const axis of AXES) along[axis] += weight * (color[axis] - center.color[axis]) ** 2;
  }
  const axis = AXES.reduce((one, other) => (along[other] > along[one] ? other : one));
  return { points, center, axis, error: along.L + along.a + along.b };
}

function nearest({ color }: Cluster, clusters: readonly Cluster[]): number {
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (const [index, cluster] of clusters.entries()) {
    const distance = squaredDistance(color, cluster.color);
    if (distance < least) [best, least] = [index, distance];
  }
  return best;
}

/** Joins the two nearest clusters until no two look the same. */
function mergeNear(clusters: readonly Cluster[]): Cluster[] {
  let least = SAME_COLOR;
  let pair: readonly [Cluster, Cluster] | undefined;
  for (const [index, one] of clusters.entries()) {
    for (const other of clusters.slice(index + 1)) {
      const distance = squaredDistance(one.color, other.color);
      if (distance < least) [least, pair] = [distance, [one, other]];
    }
  }
  if (!pair) return [...clusters];
  return mergeNear([...clusters.filter((cluster) => !pair.includes(cluster)), mean(pair)]);
}

function mean(clusters: readonly Cluster[]): Cluster {
  let [L, a, b, weight] = [0, 0, 0, 0];
  for (const cluster of clusters) {
    L += cluster.color.L * cluster.weight;
    a += cluster.color.a * cluster.weight;
    b += cluster.color.b * cluster.weight;
    weight += cluster.weight;
  }
  return { color: { L: L / weight, a: a / weight, b: b / weight }, weight };
}

function sum(clusters: readonly Cluster[]): number {
  return clusters.reduce((total, { weight }) => total + weight, 0);
}

/** The largest takes what rounding leaves over, so that the shares add up to 1. */
function roundedShares(clusters: readonly Cluster[]): number[] {
  const total = sum(clusters);
  const [, ...rest] = clusters.map(({ weight }) => round(weight / total));
  return [round(1 - rest.reduce((before, share) => before + share, 0)), ...rest];
}
