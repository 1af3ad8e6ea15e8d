import * as z from 'zod';
import type { ListedBlob } from '../../store/blobs.ts';
import { costPerImage } from '../../vision/prices.ts';
import {
  VISION_FEATURES,
  VISION_PROVIDERS,
  type VisionFeature,
  type VisionProvider,
} from '../../vision/vision.ts';
import type { Catalog } from './catalog.ts';

type Day = Catalog['vision']['days'][number];

/** What is asked now, for analyses that do not say what they were asked. */
export interface Asked {
  readonly provider: VisionProvider;
  readonly features: readonly VisionFeature[];
}

const provider = z.enum(VISION_PROVIDERS);
const features = z
  .string()
  .transform((list) => list.split(','))
  .pipe(z.array(z.enum(VISION_FEATURES)));

/** As many as this month and the one before have. */
const MAX_DAYS = 62;

/** Analyses that were paid for, by the UTC day: each is one blob, whichever instance paid for it. */
export class VisionDays {
  readonly #asked: Asked;
  readonly #days = new Map<string, Day>();

  constructor(asked: Asked) {
    this.#asked = asked;
  }

  add({ metadata, lastModified }: ListedBlob): void {
    if (metadata.state !== 'analysis') return;
    const date = dayOf(lastModified);
    const known = this.#days.get(date) ?? { date, calls: 0, cost: 0 };
    const cost = costPerImage(
      provider.safeParse(metadata.provider).data ?? this.#asked.provider,
      features.safeParse(metadata.features).data ?? this.#asked.features,
    );
    const sum = cost === null || known.cost === null ? null : known.cost + cost;
    this.#days.set(date, { date, calls: known.calls + 1, cost: sum });
  }

  /**
   * What is known of each day, the last one last: an analysis that is not kept any more was counted when it was.
   * @param before as the last catalog had them
   */
  upTo(today: Date, before: readonly Day[]): Day[] {
    const days = new Map(before.map((day) => [day.date, day]));
    for (const [date, day] of this.#days) {
      const known = days.get(date);
      if (known === undefined || day.calls >= known.calls) days.set(date, day);
    }
    const last = dayOf(today);
    if (!days.has(last)) days.set(last, { date: last, calls: 0, cost: 0 });
    return [...days.values()]
      .filter(({ date }) => date <= last)
      .sort((a, b) => (a.date < b.date ? -1 : 1))
      .slice(-MAX_DAYS)
      .map((day) => ({ ...day, cost: inCents(day.cost) }));
  }
}

/** The day's and its month's, of days up to that one. */
export function billed(days: readonly Day[], today: Date): Pick<Catalog['vision'], 'today' | 'month'> {
  const date = dayOf(today);
  const month = date.slice(0, 7);
  const ofMonth = days.filter((day) => day.date.startsWith(month));
  const cost = ofMonth.reduce<number | null>(
    (sum, day) => (sum === null || day.cost === null ? null : sum + day.cost),
    0,
  );
  return {
    today: days.find((day) => day.date === date) ?? { date, calls: 0, cost: 0 },
    month: { month, calls: ofMonth.reduce((sum, { calls }) => sum + calls, 0), cost: inCents(cost) },
  };
}

function dayOf(date: Date): string {
  return date.toISOString().slice(0, 10);
}

/** Hundredths of a cent: what lies behind them is only how computers count. */
function inCents(cost: number | null): number | null {
  return cost === null ? null : Math.round(cost * 10_000) / 10_000;
}
