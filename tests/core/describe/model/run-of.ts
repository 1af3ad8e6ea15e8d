import type { SimulatedClock } from '../../../simulated-clock.ts';
import { type Action, perform } from './actions.ts';
import { People } from './people.ts';
import { rest } from './rest.ts';
import { type Storage, World } from './world.ts';

/** Lets all of this happen, and then everything come to rest. @returns what is not as it is promised */
export async function faultsOf(
  happening: readonly Action[],
  clock: SimulatedClock,
  storage: Storage,
): Promise<string[]> {
  const world = new World(clock, storage);
  const people = new People(world);
  for (const action of happening) await perform(action, world, people);
  return rest(world, people);
}
