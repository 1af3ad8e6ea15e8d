/** Looks random and is the same on every run. */
export type Random = () => number;

/** Numbers from 0 to 1 (mulberry32: 32 bits of state are plenty for placing trees). */
export function randomNumbers(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A value from 0 to 1 for every place; smooth, with a bump or a hollow about every unit. */
export type Noise = (x: number, y: number) => number;

/** Value noise: random values on a grid that repeats after 256 units, joined by smooth curves. */
export function valueNoise(seed: number): Noise {
  const random = randomNumbers(seed);
  const grid = Float32Array.from({ length: 65_536 }, random);
  return (x, y) => {
    const column = Math.floor(x);
    const row = Math.floor(y);
    const across = curve(x - column);
    const down = curve(y - row);
    const left = column & 255;
    const right = (column + 1) & 255;
    const above = (row & 255) << 8;
    const below = ((row + 1) & 255) << 8;
    const top = mix(grid[above | left] ?? 0, grid[above | right] ?? 0, across);
    const bottom = mix(grid[below | left] ?? 0, grid[below | right] ?? 0, across);
    return mix(top, bottom, down);
  };
}

/** Noise over noise, each octave twice as fine and half as strong: clouds, ridges, bark. */
export function fractalNoise(seed: number, octaves: number): Noise {
  const noise = valueNoise(seed);
  const whole = 2 - 2 ** (1 - octaves);
  return (x, y) => {
    let sum = 0;
    // Shifted a little each time, so that the grids do not line up.
    for (let octave = 0, scale = 1; octave < octaves; octave++, scale *= 2) {
      sum += noise(x * scale + octave * 17.3, y * scale + octave * 9.1) / scale;
    }
    return sum / whole;
  };
}

export function mix(from: number, to: number, share: number): number {
  return from + (to - from) * share;
}

/** 0 before `from`, 1 after `to`, and a smooth curve between; falling where `from` is the greater. */
export function smoothStep(from: number, to: number, value: number): number {
  return curve(Math.min(1, Math.max(0, (value - from) / (to - from))));
}

function curve(t: number): number {
  return t * t * (3 - 2 * t);
}
