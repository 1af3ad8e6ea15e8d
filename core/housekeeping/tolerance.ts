import { RestError } from '@azure/storage-blob';
import { FailedError, RefusedError } from '../errors.ts';

/** So many in a row mean that it is storage that fails, and not one blob or the other. */
const MAX_IN_A_ROW = 3;

/** One blob that is leased or archived, say, holds up no other; storage that fails again and again holds up all. */
export class Tolerance {
  #inARow = 0;

  /** @returns null where it failed, and that is to be put up with; it throws where it is not */
  async bear<T>(run: () => Promise<T>, tell: () => void): Promise<T | null> {
    try {
      const result = await run();
      this.#inARow = 0;
      return result;
    } catch (error) {
      if (!liesWithBlob(error) && (!(error instanceof FailedError) || ++this.#inARow >= MAX_IN_A_ROW))
        throw error;
      tell();
      return null;
    }
  }
}

/** Storage answered, and it will answer others otherwise. */
function liesWithBlob(error: unknown): boolean {
  if (error instanceof RefusedError) return true;
  if (!(error instanceof FailedError) || !(error.cause instanceof RestError)) return false;
  return error.cause.statusCode === 409 || error.cause.statusCode === 412;
}
