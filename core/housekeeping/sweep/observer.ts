import type { ListedBlob } from '../../store/blobs.ts';
import type { ListedImage, Orphan } from '../../store/listing.ts';

/** Where in its listing a page stands. */
interface PagePlace {
  readonly isFirst: boolean;
  readonly isLast: boolean;
}

/** A page of the listing of the images. */
export interface ImagesSeen extends PagePlace {
  /** All that is on it. */
  readonly blobs: readonly ListedBlob[];
  /** Those of which everything has passed by, with what is beside them. */
  readonly images: readonly ListedImage[];
  readonly orphans: readonly Orphan[];
  /** Images that are older are not asked for; null where none is too old. */
  readonly since: Date | null;
  /** The service's own time of this page. */
  readonly servedAt: Date;
  /** Ranges of names that storage did not show. */
  readonly skipped: number;
}

export interface AnalysesSeen extends PagePlace {
  readonly blobs: readonly ListedBlob[];
}

/** Looks on while a sweep walks, so that nobody need walk again. A walk may begin in the middle, and begin anew. */
export interface Observer {
  images(page: ImagesSeen): void;
  analyses(page: AnalysesSeen): void;
}

export const NOBODY: Observer = { images() {}, analyses() {} };
