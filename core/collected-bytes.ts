const FIRST_CAPACITY = 16 * 1024;

/**
 * Bytes that come in pieces, copied together as they come. Whoever sends them decides how large the pieces are, and a
 * list of pieces of one byte takes a hundred times the memory of the bytes.
 */
export class CollectedBytes {
  readonly #maxLength: number;
  #bytes = Buffer.allocUnsafeSlow(0);
  #length = 0;

  /** @param maxLength no more than this may be added */
  constructor(maxLength: number) {
    this.#maxLength = maxLength;
  }

  add(piece: Uint8Array): void {
    const length = this.#length + piece.byteLength;
    if (length > this.#bytes.length) this.#grow(length);
    this.#bytes.set(piece, this.#length);
    this.#length = length;
  }

  /** All that was added, not copied again. */
  get bytes(): Buffer<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#length);
  }

  clear(): void {
    this.#bytes = Buffer.allocUnsafeSlow(0);
    this.#length = 0;
  }

  #grow(length: number): void {
    const doubled = Math.max(length, 2 * this.#bytes.length, FIRST_CAPACITY);
    const grown = Buffer.allocUnsafeSlow(Math.min(doubled, Math.max(length, this.#maxLength)));
    grown.set(this.bytes);
    this.#bytes = grown;
  }
}
