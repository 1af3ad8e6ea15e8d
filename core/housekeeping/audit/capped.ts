/** Longer lists help nobody, and are not kept in memory. */
export const MAX_LISTED = 1_000;

/** The first of many, and how many there are. */
export class Capped<T> {
  readonly #items: T[] = [];
  #count = 0;

  add(item: T): void {
    this.#count++;
    if (this.#items.length < MAX_LISTED) this.#items.push(item);
  }

  get count(): number {
    return this.#count;
  }

  get items(): readonly T[] {
    return this.#items;
  }

  list(): { count: number; items: T[] } {
    return { count: this.#count, items: [...this.#items] };
  }
}

/** Numbers and bytes by some kind. */
export class Sums {
  readonly #sums = new Map<string, { count: number; bytes: number }>();

  add(kind: string, bytes: number): void {
    const sum = this.#sums.get(kind) ?? { count: 0, bytes: 0 };
    this.#sums.set(kind, { count: sum.count + 1, bytes: sum.bytes + bytes });
  }

  of(kind: string): { count: number; bytes: number } {
    return this.#sums.get(kind) ?? { count: 0, bytes: 0 };
  }

  all(): Record<string, { count: number; bytes: number }> {
    return Object.fromEntries(this.#sorted());
  }

  counts(): Record<string, number> {
    return Object.fromEntries(this.#sorted().map(([kind, { count }]) => [kind, count]));
  }

  #sorted() {
    return [...this.#sums].sort(([a], [b]) => (a < b ? -1 : 1));
  }
}
