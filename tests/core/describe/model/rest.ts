import { errorName, promptName } from '../../../../core/store/names.ts';
import { isOurs } from '../../../../core/store/prompts.ts';
import { REFUSED_AS } from './contents.ts';
import { NAMES, type Name, type People } from './people.ts';
import { WORKERS, type World } from './world.ts';

/** What has become of everything when nothing is done to it any more. */

const HOUR = 3_600_000;
/** Of sweeps: what failed comes back within a day, or is not tried again. */
const MAX_ROUNDS = 50;
const MAX_STEPS = 5_000;
const BOTH = 'I7: a prompt and an error';

/**
 * Lets all events arrive and all processes finish, and sweeps every hour until nothing is left to do.
 * @returns what is not as it is promised
 */
export async function rest(world: World, people: People): Promise<string[]> {
  world.isPaused = false;
  world.isVisionDown = false;
  await people.bringAll();
  let steps = 0;
  const finish = async () => {
    while (world.running.length > 0) {
      if (++steps > MAX_STEPS) throw new Error('It does not come to rest.');
      const [process] = world.running.filter(({ waiting }) => waiting.length > 0);
      if (process) await world.step(process, 0, 'ok');
      else world.clock.advance(world.clock.untilNext());
      await world.settled();
    }
  };
  const drain = async (place: number) => {
    for (let wait = world.events.untilNext(); wait !== null; wait = world.events.untilNext()) {
      world.clock.advance(wait);
      world.process(place);
      await finish();
    }
  };
  await finish();
  await drain(0);
  // A sweep mends most of what could be wrong, so that before it there is more to be seen.
  const told = NAMES.filter((name) => !world.needSweep.has(name));
  const before = (await world.poison.length()) > 0 ? [] : await faultsOfImages(told, world, people);
  // Whoever ends between writing the one and deleting the other leaves both.
  const unmended = world.isDisturbed ? before.filter((fault) => !fault.endsWith(BOTH)) : before;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    world.clock.advance(HOUR);
    world.process(WORKERS);
    await finish();
    const isOver = round > 0 && (await world.events.length()) === 0 && !(await isAnyDueLater(world));
    if (isOver) return [...world.breaches, ...unmended, ...(await faultsAtRest(world, people))];
    await drain(round % WORKERS);
  }
  throw new Error('Sweep after sweep finds something to do.');
}

async function isAnyDueLater({ storage }: World): Promise<boolean> {
  const { blobs } = await storage.images.page({ size: 5_000 });
  return blobs.some(({ name, metadata }) => name.endsWith('.error.json') && metadata.nexttryat !== undefined);
}

async function faultsAtRest(world: World, people: People): Promise<string[]> {
  const faults = await faultsOfImages(NAMES, world, people);
  const { storage, events, poison, isDisturbed } = world;
  const state = await storage.state.page({ prefix: 'analysis/', size: 5_000 });
  if (state.blobs.some(({ metadata }) => metadata.state === 'claim'))
    faults.push('I5: a claim has not ended');
  if ((await events.length()) > 0) faults.push('an event is left');
  if (!isDisturbed && (await poison.length()) > 0) faults.push('I7: poisoned without a reason');
  return faults;
}

async function faultsOfImages(names: readonly Name[], world: World, people: People): Promise<string[]> {
  const faults: string[] = [];
  for (const name of names) {
    const fault = await faultOf(name, world, people);
    if (fault !== null) faults.push(`${name}: ${fault}`);
  }
  return faults;
}

async function faultOf(name: Name, world: World, people: People): Promise<string | null> {
  const { images } = world.storage;
  const image = await images.head(name);
  const prompt = await images.read(promptName(name), { maxBytes: 100_000 });
  const error = await images.head(errorName(name));
  const byHand = people.prompts.get(name);
  if (byHand !== undefined) {
    if (Buffer.from(prompt?.bytes ?? []).toString() !== byHand) return "a person's prompt is lost";
    return error ? BOTH : null;
  }
  if (image === null) {
    if (prompt) return 'I2: a prompt of an image that is gone';
    return error ? 'I2: an error of an image that is gone' : null;
  }
  if (prompt && error) return BOTH;
  const output = prompt ?? error;
  if (output === null) return 'I2: nothing was made of it';
  if (!isOurs(output)) return 'what is there is not ours';
  if (output.metadata.sourceetag !== image.etag) return 'I2: made from what it showed before';
  const content = world.ledger.contentOf(name, image.etag);
  const expected = (content && REFUSED_AS[content]) ?? 'a prompt';
  const found = prompt ? 'a prompt' : error?.metadata.code;
  // It may have been read before.
  const isArchived = found === 'blob-archived' && people.archived.has(name);
  // What has failed for a week is not tried again.
  const isGivenUp = error?.metadata.retryable === 'true' && error.metadata.nexttryat === undefined;
  return found === expected || isArchived || isGivenUp ? null : `it has ${found} instead of ${expected}`;
}
