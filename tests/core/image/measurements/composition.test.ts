import { expect, test } from '@jest/globals';
import { SUBJECT_POSITIONS } from '../../../../core/image/image.ts';
import { measureComposition } from '../../../../core/image/measurements/composition.ts';
import { toLuma } from '../../../../core/image/measurements/luma.ts';
import { random } from '../../../fixtures/images/random.ts';
import { grey, isInDisc, paint } from '../paint.ts';

const [WIDTH, HEIGHT] = [480, 360];

function compose(colorAt: Parameters<typeof paint>[2]) {
  return measureComposition(toLuma(paint(WIDTH, HEIGHT, colorAt)), { width: 4000, height: 3000 });
}

const NINTHS = SUBJECT_POSITIONS.filter((position) => position !== 'spread');

test.each(NINTHS.map((position, ninth) => [position, ninth] as const))(
  'a disc in the %s ninth is found there, on an empty ground and on a textured one',
  (position, ninth) => {
    const disc = {
      x: WIDTH * ((ninth % 3) / 3 + 1 / 6),
      y: HEIGHT * (Math.floor(ninth / 3) / 3 + 1 / 6),
      radius: 40,
    };
    const next = random(ninth);
    const onEmpty = compose((x, y) => grey(isInDisc(x, y, disc) ? 220 : 60));
    const onGrass = compose((x, y) => grey(isInDisc(x, y, disc) ? 220 : 60 + 30 * next()));
    expect([onEmpty.subject, onGrass.subject]).toEqual([position, position]);
    expect(onEmpty.negativeSpace).toBeGreaterThan(0.9);
    expect(onGrass.negativeSpace).toBeLessThan(0.1);
  },
);

test('nothing, noise everywhere, a horizon, and two figures at the sides have no single place', () => {
  const next = random(1);
  const noise = compose(() => grey(255 * next()));
  const empty = compose(() => grey(128));
  const horizon = compose((_, y) => grey(y < HEIGHT / 2 ? 200 : 50));
  const figures = compose((x, y) =>
    grey(
      isInDisc(x, y, { x: 40, y: 180, radius: 25 }) || isInDisc(x, y, { x: 440, y: 180, radius: 25 })
        ? 240
        : 30,
    ),
  );
  expect([noise, empty, horizon, figures].map(({ subject }) => subject)).toEqual(Array(4).fill('spread'));
  expect([noise.negativeSpace, empty.negativeSpace]).toEqual([0, 1]);
});

test('a smooth sky is negative space', () => {
  const next = random(2);
  const { negativeSpace } = compose((_, y) => grey(y < HEIGHT / 2 ? 120 + y / 4 : 255 * next()));
  expect(negativeSpace).toBeCloseTo(0.5, 1);
});

test('orientation and aspect are those of the image, not of the rounded raster', () => {
  const luma = toLuma(paint(50, 50, () => grey(9)));
  const shapes = [
    { width: 1999, height: 1333 },
    { width: 1080, height: 1920 },
    { width: 1000, height: 1005 },
    { width: 1040, height: 1000 },
    { width: 1000, height: 1040 },
  ].map((size) => measureComposition(luma, size));
  expect(shapes.map(({ orientation, aspect }) => [orientation, aspect])).toEqual([
    ['landscape', '3:2'],
    ['portrait', '9:16'],
    ['square', '1:1'],
    ['square', '1:1'],
    ['square', '1:1'],
  ]);
});
