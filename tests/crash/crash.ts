import { Receipts, send, workUntilQuiet } from './deliveries.ts';
import { onlyOnce } from './only-once.ts';
import { type Member, type Site, startSite } from './site.ts';
import { startWorkerProcess, type WorkerProcess } from './worker-process.ts';

/** A moment of describing an image: when a request of storage is about to reach it, or was just carried out. */
export interface Moment {
  readonly when: 'before' | 'after';
  /** The label of a request of storage; `Vision` for a call of the provider, which is cut before its answer. */
  readonly step: string;
}

/** What is so when everything has come to rest. */
export interface Rest {
  readonly prompt: 'of the image' | 'of another' | 'missing';
  readonly error: string | null;
  /** Calls of the provider that were answered. */
  readonly paid: number;
  /** How often a prompt was written. */
  readonly written: number;
  readonly poisoned: number;
}

/** Longer than a claim lives. */
const LATER_MS = 60_000;
const NAME = 'inbox/image.jpg';

/** What else happens while the process is at that moment, and still lives. */
export type Meanwhile = (site: Site, other: Member) => Promise<void>;

/**
 * Kills a process that describes an image in that moment, lets the service's time go on until its claim has expired,
 * and has the message, which comes back, worked on by another.
 */
export async function crash(
  connectionString: string,
  image: Uint8Array,
  { when, step: label }: Moment,
  meanwhile: Meanwhile = async () => {},
): Promise<Rest> {
  const site = await startSite(connectionString);
  const receipts = new Receipts();
  const other = await site.join();
  let victim: WorkerProcess | undefined;
  try {
    let isReached = false;
    const kill = async () => {
      isReached = true;
      await meanwhile(site, other);
      await victim?.close();
    };
    if (label === 'Vision') site.meanwhile = onlyOnce(kill);
    const reach = onlyOnce(kill);
    const proxy = await site.proxy(async (step, pass) => {
      if (step.label !== label) return receipts.intercept(step, pass);
      if (when === 'after') await receipts.intercept(step, pass);
      await reach();
      return 'reset';
    });
    const etag = await site.drop(NAME, image);
    await send(site, NAME, etag);
    victim = startWorkerProcess(site.settings(proxy.connectionString));
    await victim.ended;
    if (!isReached) throw new Error(`it ended before it came to the moment ${when} ${label}`);
    other.proxy.later = LATER_MS;
    await receipts.comeBack(site);
    await workUntilQuiet(other);
    return await rest(site, [...proxy.exchanges, ...other.proxy.exchanges]);
  } finally {
    await victim?.close();
    await site.close();
  }
}

async function rest(site: Site, exchanges: Member['proxy']['exchanges']): Promise<Rest> {
  const { blobs, poison } = site.outside;
  const image = await blobs.head(NAME);
  const { prompt, error } = await site.stored(NAME);
  const isCurrent = prompt === image?.etag;
  return {
    prompt: prompt === null ? 'missing' : isCurrent ? 'of the image' : 'of another',
    error,
    paid: site.paid,
    written: exchanges.filter(({ label, status }) => label === 'PUT prompt' && status === 201).length,
    poisoned: await poison.length(),
  };
}
