import * as fc from 'fast-check';
import { FATES } from '../../../memory/faults.ts';
import { CONTENTS } from './contents.ts';
import { DELIVERIES, NAMES, type People } from './people.ts';
import { WORKERS, type World } from './world.ts';

/** Everything that may happen, in any order. */

const name = fc.oneof(
  { weight: 2, arbitrary: fc.constant('dog.png' as const) },
  { weight: 1, arbitrary: fc.constantFrom(...NAMES) },
);
const delivery = fc.oneof(
  { weight: 4, arbitrary: fc.constant('at once' as const) },
  { weight: 1, arbitrary: fc.constantFrom(...DELIVERIES) },
);
const content = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('red' as const, 'blue' as const) },
  { weight: 1, arbitrary: fc.constantFrom(...CONTENTS) },
);
const fate = fc.oneof(
  { weight: 3, arbitrary: fc.constant('ok' as const) },
  { weight: 2, arbitrary: fc.constantFrom(...FATES) },
);
const place = fc.oneof(
  { weight: 9, arbitrary: fc.nat(WORKERS - 1) },
  { weight: 1, arbitrary: fc.constant(WORKERS) },
);
const which = fc.nat(3);

const action = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant('upload' as const), name, content, delivery }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('remove' as const), name, delivery }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('touch' as const), name, delivery }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('archive' as const), name }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('write prompt' as const), name, keepsLabels: fc.boolean() }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('remove prompt' as const), name }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('bring' as const), which, isLast: fc.boolean() }),
  },
  {
    weight: 20,
    arbitrary: fc.record({
      kind: fc.constant('step' as const),
      place,
      /** So many calls are let through; the last one has the fate. */
      calls: fc.integer({ min: 1, max: 9 }),
      which,
      fate,
    }),
  },
  {
    weight: 5,
    // An image is overwritten or deleted, and that is dealt with while others are still at what it was before.
    arbitrary: fc.record({
      kind: fc.constant('overtake' as const),
      place: fc.nat(WORKERS - 1),
      name,
      content: fc.option(fc.constantFrom(...CONTENTS)),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('kill' as const), place }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('stop' as const), place }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('pass' as const),
      seconds: fc.constantFrom(1, 9, 12, 31, 45, 200, 1_000, 4_000),
      isFlowing: fc.boolean(),
      /** Of the first call that waits when the time is over. */
      fate,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('set the clock' as const),
      minutes: fc.constantFrom(-60, -1, 1, 60),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('work' as const), rounds: fc.integer({ min: 1, max: 7 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('ask' as const), place: fc.nat(WORKERS - 1), name }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('outage' as const), isDown: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('pause' as const), isPaused: fc.boolean() }) },
);

export type Action = typeof action extends fc.Arbitrary<infer T> ? T : never;

export const actions = (maxLength: number) => fc.array(action, { maxLength, size: 'max' });

export async function perform(action: Action, world: World, people: People): Promise<void> {
  switch (action.kind) {
    case 'upload':
      return people.upload(action.name, action.content, action.delivery);
    case 'remove':
      return people.remove(action.name, action.delivery);
    case 'touch':
      return people.touch(action.name, action.delivery);
    case 'archive':
      return people.archive(action.name);
    case 'write prompt':
      return people.writePrompt(action.name, action.keepsLabels);
    case 'remove prompt':
      return people.removePrompt(action.name);
    case 'bring':
      return people.bring(action.which, action.isLast);
    case 'step': {
      const process = world.process(action.place);
      for (let call = 1; call < action.calls; call++) {
        if (!(await world.step(process, 0, 'ok'))) return;
      }
      await world.step(process, action.which, action.fate);
      return;
    }
    case 'work':
      return world.work(action.rounds);
    case 'ask':
      world.ask(action.place, action.name);
      return world.settled();
    case 'outage':
      world.isVisionDown = action.isDown;
      return;
    case 'overtake': {
      const { name, content } = action;
      if (content === null) await people.remove(name, 'at once');
      else await people.upload(name, content, 'at once');
      return world.finish(world.process(action.place));
    }
    case 'kill':
      return world.kill(action.place);
    case 'stop':
      return world.stop(action.place);
    case 'pass':
      await world.pass(action.seconds * 1_000, action.isFlowing);
      return world.meet(action.fate);
    case 'set the clock':
      return world.clock.set(action.minutes * 60_000);
    case 'pause':
      world.isPaused = action.isPaused;
      return;
  }
}
