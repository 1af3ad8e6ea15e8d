import { outdatedBy } from '../batch/wanted.ts';
import type { PageOptions } from '../store/blobs.ts';
import { ListingJoin } from '../store/listing.ts';
import type { ListedPage } from '../store/unlistable.ts';
import type { Catalog } from './audit/catalog.ts';
import { Sightings } from './audit/sightings.ts';
import { makeCatalog, writeCatalog } from './audit/write-catalog.ts';
import { FeedCensus } from './cleanup/feed-census.ts';
import { keepFeed } from './cleanup/keep-feed.ts';
import { removeTemporary } from './cleanup/temp-folder.ts';
import type { Plan } from './dry-run.ts';
import { withGrace } from './grace.ts';
import type { Household, HouseholdConfig, HousekeepOptions } from './housekeep.ts';
import { LeaseLost } from './lease.ts';
import type { AnalysesSeen, ImagesSeen } from './sweep/observer.ts';
import { joinPage, PAGE_SIZE } from './sweep/pages.ts';
import type { Companion, FinishingRun } from './sweep/sweep.ts';

type ClosingOptions = HousekeepOptions & {
  readonly tempFolder: string;
  /** Of a run that changes nothing. */
  readonly plan?: Plan;
};

/** So long a run that is stopped may take to write what it has seen. */
const AUDIT_MS = 700;

/** What an audit found, in short. */
export interface AuditSummary {
  /** As `catalog.json`. */
  readonly isWritten: boolean;
  readonly complete: boolean;
  /** Pages of the listing of the images. */
  readonly listings: number;
  /** Of the images. */
  readonly bytes: number;
  readonly missing: number;
  readonly stale: number;
  readonly orphans: number;
  readonly errors: number;
  readonly names: number;
  readonly duplicates: number;
}

/** What comes after a sweep: the rest of the cleanup, and the audit of what the sweep has seen. */
export class Closing implements Companion {
  readonly #household: Household;
  readonly #config: HouseholdConfig;
  readonly #options: ClosingOptions;
  readonly #sightings: Sightings;
  readonly #feed = new FeedCensus();
  #blobs = 0;
  #summary: AuditSummary | null = null;

  constructor(household: Household, config: HouseholdConfig, options: ClosingOptions) {
    const { vision, features } = household.settings;
    const { provider } = vision;
    this.#household = household;
    this.#config = config;
    this.#options = options;
    const hasTxt = config.PROMPT_SIDECARS.includes('txt');
    const isOutdated = outdatedBy(household.settings, null);
    const settings = { prefix: config.IMAGES_PREFIX, provider, isOutdated, hasTxt };
    this.#sightings = new Sightings(settings, { provider, features });
  }

  /** Null where nothing was audited. */
  get summary(): AuditSummary | null {
    return this.#summary;
  }

  images(page: ImagesSeen): void {
    this.#see(page);
    this.#blobs = (page.isFirst ? 0 : this.#blobs) + page.blobs.length;
    this.#options.progress?.({ step: 'sweep', blobs: this.#blobs });
  }

  analyses(page: AnalysesSeen): void {
    this.#sightings.analyses(page);
    this.#blobs = (page.isFirst ? 0 : this.#blobs) + page.blobs.length;
    this.#options.progress?.({ step: 'cleanup', blobs: this.#blobs });
  }

  async finish(run: FinishingRun): Promise<boolean> {
    const { signal } = this.#options;
    if (!signal.aborted) await this.#cleanUp(run);
    if (!signal.aborted && !this.#sightings.isWhole) await this.#walk(run);
    if (!signal.aborted && this.#sightings.isWhole) await this.#keepFeed(run);
    await run.keep();
    await withGrace(signal, AUDIT_MS, (late) => this.#audit(late));
    return !signal.aborted && this.#sightings.isWhole;
  }

  #see(page: ImagesSeen): void {
    this.#sightings.images(page);
    if (this.#household.feed) this.#feed.page(page);
  }

  async #cleanUp({ counts }: FinishingRun): Promise<void> {
    const { tempFolder, plan, signal } = this.#options;
    const { clock } = this.#household.settings;
    const isDry = plan !== undefined;
    const removed = await removeTemporary({ path: tempFolder, clock, signal, isDry });
    counts.add('temporaryRemoved', removed.length);
    for (const name of removed) plan?.add({ action: 'remove', where: tempFolder, name });
  }

  /** Nothing of an image depends on the feed: what fails there is told, and tried again by the next run. */
  async #keepFeed({ counts, keep }: FinishingRun): Promise<void> {
    const { feed, blobs: images } = this.#household;
    const { log, signal } = this.#options;
    if (!feed) return;
    const { IMAGES_PREFIX: prefix } = this.#config;
    const keeping = { feed, images, prefix, census: this.#feed, counts, signal, keep };
    await keepFeed(keeping).catch((err) => {
      if (err instanceof LeaseLost) throw err;
      if (!signal.aborted) log.warn({ err }, 'the feed could not be kept');
    });
  }

  /** The sweep went on from the middle of the listing, or never came to its end: the audit walks by itself. */
  async #walk({ since, lister, keep }: FinishingRun): Promise<void> {
    const { signal, progress } = this.#options;
    const { IMAGES_PREFIX: prefix } = this.#config;
    const join = new ListingJoin(prefix);
    let marker: string | null = null;
    let blobs = 0;
    do {
      const asked: PageOptions = { prefix, marker: marker ?? undefined, size: PAGE_SIZE, signal };
      const page: ListedPage | null = await lister.page(asked).catch((error) => {
        // A page that is called off fails, too.
        if (signal.aborted) return null;
        throw error;
      });
      if (page === null) return;
      this.#see(joinPage(join, page, { marker, since }));
      blobs += page.blobs.length;
      progress?.({ step: 'audit', blobs });
      await keep();
      marker = page.marker;
    } while (marker !== null && !signal.aborted);
  }

  async #audit(signal: AbortSignal): Promise<void> {
    const { blobs, state, events, poison, settings, housekeeping } = this.#household;
    const { plan } = this.#options;
    const { census, days, isWhole } = this.#sightings;
    if (census === null) return;
    const { vision, features, generator } = settings;
    const { provider, model } = vision;
    const made = await makeCatalog({
      container: blobs.container,
      prefix: this.#config.IMAGES_PREFIX,
      generator,
      census,
      isComplete: isWhole,
      days,
      asked: { provider, model, features },
      events,
      poison,
      state,
      signal,
    });
    if (made.complete) {
      housekeeping.audited({
        oldestWithoutPrompt: made.oldestMissing?.ageSeconds ?? 0,
        visionCallsToday: made.vision.today.calls,
      });
    }
    const isWritten = plan === undefined && (await writeCatalog(state, made, signal));
    this.#summary = summaryOf(made, isWritten);
  }
}

function summaryOf(made: Catalog, isWritten: boolean): AuditSummary {
  const { complete, missing, stale, orphans, errors, names, duplicates } = made;
  return {
    isWritten,
    complete,
    listings: made.listing.pages,
    bytes: made.images.bytes,
    missing: missing.count,
    stale: stale.count,
    orphans: orphans.count,
    errors: errors.count,
    names: names.count,
    duplicates: duplicates.count,
  };
}
