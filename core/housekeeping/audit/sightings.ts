import type { AnalysesSeen, ImagesSeen, Observer } from '../sweep/observer.ts';
import { Census, type CensusSettings } from './census.ts';
import { type Asked, VisionDays } from './vision-days.ts';

/**
 * What a run sees of the images and the analyses. A walk that began in the middle of its listing saw only a part, which
 * no total can be made of.
 */
export class Sightings implements Observer {
  readonly #settings: CensusSettings;
  readonly #asked: Asked;
  #census: Census | null = null;
  #isWhole = false;
  #days: VisionDays;

  constructor(settings: CensusSettings, asked: Asked) {
    this.#settings = settings;
    this.#asked = asked;
    this.#days = new VisionDays(asked);
  }

  images(page: ImagesSeen): void {
    if (page.isFirst) {
      this.#census = new Census(this.#settings);
      this.#isWhole = false;
    }
    if (this.#census === null) return;
    this.#census.page(page);
    this.#isWhole = page.isLast;
  }

  analyses({ isFirst, blobs }: AnalysesSeen): void {
    if (isFirst) this.#days = new VisionDays(this.#asked);
    for (const blob of blobs) this.#days.add(blob);
  }

  /** Of the pages from the first one on; null where that was not seen. */
  get census(): Census | null {
    return this.#census;
  }

  /** Whether the census is of all pages. */
  get isWhole(): boolean {
    return this.#isWhole;
  }

  get days(): VisionDays {
    return this.#days;
  }
}
