/** How far inside a shape a place is: negative outside, in the units of the canvas. */
export type Shape = (x: number, y: number) => number;

type Point = readonly [x: number, y: number];

/** A shape with straight sides and no dents; its corners go round clockwise, as seen with y pointing down. */
export function convex(...corners: readonly Point[]): Shape {
  const sides = corners.map(([x, y], index) => {
    const [nextX, nextY] = corners[(index + 1) % corners.length] ?? [x, y];
    const length = Math.hypot(nextX - x, nextY - y);
    return { x, y, across: -(nextY - y) / length, down: (nextX - x) / length };
  });
  return (x, y) => {
    let inside = Number.POSITIVE_INFINITY;
    for (const side of sides)
      inside = Math.min(inside, (x - side.x) * side.across + (y - side.y) * side.down);
    return inside;
  };
}

/** The length of a vector; Math.hypot is exact at any size and many times slower. */
export function length(x: number, y: number): number {
  return Math.sqrt(x * x + y * y);
}
