import { createHash } from 'node:crypto';
import type { Blobs } from '../../../../core/store/blobs.ts';
import type { Ledger } from './ledger.ts';
import type { Payments } from './payments.ts';
import type { SteppedProcess } from './process.ts';

interface Watch {
  readonly ledger: Ledger;
  readonly payments: Payments;
  readonly process: SteppedProcess;
  /** Told of every call while it is under way. */
  during<T>(call: () => Promise<T>): Promise<T>;
}

/** The container of the images as a process uses it, with everything it changes in the ledger. */
export function watchedImages(blobs: Blobs, { ledger, during }: Watch): Blobs {
  return {
    ...reading(blobs, during),
    write: (name, bytes, options) =>
      during(async () => {
        const { condition, metadata = {}, contentType } = options;
        const written = await blobs.write(name, bytes, options);
        if (written === 'conflict') return written;
        const replaced = typeof condition === 'object' ? condition.etag : null;
        const now = {
          etag: written.etag,
          size: bytes.byteLength,
          contentType,
          contentMd5: md5(bytes),
          metadata,
        };
        ledger.written(
          name,
          { ...now, isCopying: false, isArchived: false, lastModified: new Date(0) },
          replaced,
        );
        return written;
      }),
    remove: (name, options) =>
      during(async () => {
        const isRemoved = await blobs.remove(name, options);
        if (isRemoved) ledger.removed(name, options?.etag ?? null);
        return isRemoved;
      }),
  };
}

/** The container of the program's own state as a process uses it. */
export function watchedState(blobs: Blobs, { payments, process, during }: Watch): Blobs {
  return {
    ...reading(blobs, during),
    write: (name, bytes, options) =>
      during(async () => {
        const { condition, metadata = {} } = options;
        const written = await blobs.write(name, bytes, options);
        if (written === 'conflict') return written;
        payments.changed(process, name, { etag: written.etag, condition, state: metadata.state });
        return written;
      }),
    remove: (name, options) =>
      during(async () => {
        const isRemoved = await blobs.remove(name, options);
        const condition = options?.etag === undefined ? 'any' : { etag: options.etag };
        if (isRemoved) payments.changed(process, name, { etag: null, condition });
        return isRemoved;
      }),
  };
}

function reading(blobs: Blobs, during: Watch['during']): Omit<Blobs, 'write' | 'remove'> {
  return {
    container: blobs.container,
    url: (name) => blobs.url(name),
    head: (name, signal) => during(() => blobs.head(name, signal)),
    read: (name, options) => during(() => blobs.read(name, options)),
    page: (options) => during(() => blobs.page(options)),
  };
}

function md5(bytes: Uint8Array): string {
  return createHash('md5').update(bytes).digest('base64');
}
