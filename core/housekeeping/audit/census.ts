import type { BlobProperties, ListedBlob } from '../../store/blobs.ts';
import type { ListedImage, Orphan } from '../../store/listing.ts';
import { extensionOf, isCandidate, isDirectory, ownerOf } from '../../store/names.ts';
import { isNewer, isOurs, SCHEMA_VERSION, statusOf } from '../../store/prompts.ts';
import type { ImagesSeen } from '../sweep/observer.ts';
import { Capped, Sums } from './capped.ts';
import type { Catalog } from './catalog.ts';
import { NameCensus } from './name-census.ts';

export interface CensusSettings {
  readonly prefix: string;
  readonly provider: string;
  /** Whether a prompt of ours is stale: the same for a batch that is to remake such. */
  readonly isOutdated: (prompt: BlobProperties) => boolean;
  /** Whether images with the same stem share a `<stem>.txt`. */
  readonly hasTxt: boolean;
}

type Listed<K extends 'missing' | 'stale' | 'orphans' | 'errors' | 'edited' | 'editedStale'> =
  Catalog[K]['items'][number];

/** What is known of a container from its listing, gathered page by page in memory that hardly grows with it. */
export class Census {
  readonly #settings: CensusSettings;
  readonly names: NameCensus;
  readonly #formats = new Sums();
  readonly #statuses = new Sums();
  readonly #others = new Sums();
  readonly #missing = new Capped<Listed<'missing'>>();
  readonly #stale = new Capped<Listed<'stale'>>();
  readonly #orphans = new Capped<Listed<'orphans'>>();
  readonly #errors = new Capped<Listed<'errors'>>();
  readonly #codes = new Sums();
  readonly #edited = new Capped<Listed<'edited'>>();
  readonly #editedStale = new Capped<Listed<'editedStale'>>();
  #listing = { pages: 0, blobs: 0, skippedRanges: 0 };
  #images = { count: 0, bytes: 0, degraded: 0 };
  #oldest: ListedBlob | null = null;
  #servedAt = new Date(0);

  constructor(settings: CensusSettings) {
    this.#settings = settings;
    this.names = new NameCensus(settings);
  }

  /** The service's own time of the last page. */
  get servedAt(): Date {
    return this.#servedAt;
  }

  page({ blobs, images, orphans, since, servedAt, skipped }: ImagesSeen): void {
    const { pages, blobs: before, skippedRanges } = this.#listing;
    this.#listing = {
      pages: pages + 1,
      blobs: before + blobs.length,
      skippedRanges: skippedRanges + skipped,
    };
    this.#servedAt = servedAt;
    for (const blob of blobs) this.#addOther(blob);
    for (const image of images) this.#addImage(image, since);
    for (const orphan of orphans) this.#addOrphan(orphan);
  }

  /** The part of the catalog that the images alone tell. */
  found() {
    const { count, bytes, degraded } = this.#images;
    const others = this.#others.of('other');
    return {
      listing: this.#listing,
      images: { count, bytes, byFormat: this.#formats.all(), byStatus: this.#statuses.all(), degraded },
      others,
      missing: this.#missing.list(),
      oldestMissing: this.#oldestMissing(),
      stale: this.#stale.list(),
      orphans: this.#orphans.list(),
      errors: { ...this.#errors.list(), byCode: this.#codes.counts() },
      edited: this.#edited.list(),
      editedStale: this.#editedStale.list(),
      ...this.names.found(),
    } satisfies Partial<Catalog>;
  }

  #addImage(listed: ListedImage, since: Date | null): void {
    const { image, prompt, error } = listed;
    const { name, size, lastModified } = image;
    const status = statusOf(listed);
    const { count, bytes, degraded } = this.#images;
    const isDegraded = status === 'done' && prompt?.metadata.degraded === 'true';
    this.#images = { count: count + 1, bytes: bytes + size, degraded: degraded + (isDegraded ? 1 : 0) };
    this.#formats.add(formatOf(image), size);
    this.#statuses.add(status, size);
    this.names.addImage(image, status === 'done' ? (prompt?.metadata.sha256 ?? null) : null);
    if (status === 'pending') this.#addMissing(image, since);
    if (status === 'failed') this.#addError(name, error);
    if (prompt && status === 'done') this.#addStale(name, prompt);
    if (prompt && status === 'edited') {
      this.#edited.add({ name });
      if (lastModified > prompt.lastModified) {
        this.#editedStale.add({
          name,
          imageModified: lastModified.toISOString(),
          promptModified: prompt.lastModified.toISOString(),
        });
      }
    }
  }

  #addMissing(image: ListedBlob, since: Date | null): void {
    const { name, lastModified } = image;
    const asked = since === null || lastModified >= since;
    this.#missing.add({ name, lastModified: lastModified.toISOString(), asked });
    if (asked && (this.#oldest === null || lastModified < this.#oldest.lastModified)) this.#oldest = image;
  }

  #oldestMissing(): Catalog['oldestMissing'] {
    if (this.#oldest === null) return null;
    const { name, lastModified } = this.#oldest;
    const age = this.#servedAt.getTime() - lastModified.getTime();
    return {
      name,
      lastModified: lastModified.toISOString(),
      ageSeconds: Math.max(0, Math.round(age / 1_000)),
    };
  }

  #addError(name: string, error: ListedBlob | null): void {
    const { code = 'invalid-name', retryable, attempts, nexttryat } = error?.metadata ?? {};
    this.#codes.add(code, 0);
    this.#errors.add({
      name,
      code,
      retryable: retryable === 'true',
      attempts: attempts === undefined || Number.isNaN(Number(attempts)) ? null : Number(attempts),
      nextTryAt: nexttryat ?? null,
    });
  }

  #addStale(name: string, prompt: ListedBlob): void {
    if (isNewer(prompt) || !this.#settings.isOutdated(prompt)) return;
    const { schema, provider } = prompt.metadata;
    const reasons: Listed<'stale'>['reasons'] = [];
    if (Number(schema) !== SCHEMA_VERSION) reasons.push('schema');
    if (provider !== this.#settings.provider) reasons.push('provider');
    // The label of the settings is one hash of all of them.
    this.#stale.add({ name, reasons: reasons.length > 0 ? reasons : ['settings'] });
  }

  #addOrphan({ output, image }: Orphan): void {
    const kind = ownerOf(output.name)?.kind ?? 'prompt';
    this.#orphans.add({ name: output.name, image, kind, ours: isOurs(output) });
  }

  /** What is neither an image, nor ours, nor beside an image. */
  #addOther(blob: ListedBlob): void {
    const { name, contentType, metadata, size } = blob;
    if (ownerOf(name) || isOurs(blob) || isDirectory(metadata)) return;
    if (isCandidate(name, contentType, this.#settings.prefix)) return;
    this.#others.add('other', size);
    if (/^image\//i.test(contentType ?? '')) this.names.addMisnamed(blob);
  }
}

const FORMATS = new Map([
  ...(['jpg', 'jpe', 'jfif'] as const).map((extension) => [extension, 'jpeg'] as const),
  ...([
    ['tif', 'tiff'],
    ['heif', 'heic'],
    ['svg+xml', 'svg'],
  ] as const),
] as readonly (readonly [string, string])[]);

/** By the name, as everything here is; where it says nothing, by the content type. */
function formatOf({ name, contentType }: ListedBlob): string {
  const said = extensionOf(name) ?? (contentType ?? '').toLowerCase().replace(/^image\//, '');
  return FORMATS.get(said) ?? said;
}
