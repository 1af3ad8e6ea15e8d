import type { Fact } from '../document.ts';
import { isReadable, neutralText } from '../safe-text.ts';
import { MONOCHROME } from '../vocabulary.ts';
import { withoutClashes } from './contradictions.ts';
import { readLettering } from './lettering.ts';
import { nameLight, readMeasured } from './measured.ts';
import { type Dropped, type Part, Phrases, type ScenePhrase } from './phrases.ts';
import { readRecovered } from './recovered.ts';
import type { SceneFact } from './scene-fact.ts';
import { readSeen } from './seen.ts';

/** Why a target that takes only so many phrases of a part leaves the others out. */
const LEFT_OUT = {
  detail: 'enough details without it',
  topic: 'a topic more than a thing',
  lettering: 'enough lettering without it',
  palette: 'enough colors without it',
  format: 'the size of the picture sets it',
  body: 'the look does not depend on it',
} as const satisfies Partial<Record<Part, string>>;

type Limited = keyof typeof LEFT_OUT;
// Object.keys widens the keys to string.
const LIMITED = Object.keys(LEFT_OUT) as Limited[];

/** What an image's facts amount to, in phrases that every target puts into its own order and form. */
export class Scene {
  readonly #parts: ReadonlyMap<Part, readonly ScenePhrase[]>;
  /** Left out, and why. */
  readonly dropped: readonly Dropped[];
  /** Evidence that the image has no colour; empty where it has some. */
  readonly monochrome: readonly number[];
  /** Evidence that the image is a photograph; empty where nothing says so. */
  readonly photographed: readonly number[];
  /** Whether the subject comes from a sentence; else it is the name of one thing. */
  readonly described: boolean;

  constructor(
    parts: ReadonlyMap<Part, readonly ScenePhrase[]>,
    about: Pick<Scene, 'dropped' | 'monochrome' | 'photographed' | 'described'>,
  ) {
    this.#parts = parts;
    this.dropped = about.dropped;
    this.monochrome = about.monochrome;
    this.photographed = about.photographed;
    this.described = about.described;
  }

  of(...parts: readonly Part[]): readonly ScenePhrase[] {
    const [only] = parts;
    if (parts.length === 1 && only !== undefined) return this.#parts.get(only) ?? [];
    return parts.flatMap((part) => this.#parts.get(part) ?? []);
  }

  /** The scene with at most so many phrases of a part. What goes is listed among the dropped. */
  limited(most: Partial<Record<Limited, number>>, reasons: Partial<Record<Limited, string>> = {}): Scene {
    const parts = new Map(this.#parts);
    const dropped = [...this.dropped];
    for (const part of LIMITED) {
      const all = this.of(part);
      const room = most[part] ?? Number.POSITIVE_INFINITY;
      const left = all.slice(part === 'detail' ? Math.min(room, fitting(all)) : room);
      if (left.length === 0) continue;
      parts.set(part, all.slice(0, all.length - left.length));
      for (const { text, evidence } of left) {
        dropped.push({ text, evidence, reason: reasons[part] ?? LEFT_OUT[part] });
      }
    }
    return new Scene(parts, { ...this, dropped });
  }
}

/** More words than this about what is beside the subject, and it is no longer the subject. */
const DETAIL_WORDS = 45;

/** How many of the phrases fit within {@link DETAIL_WORDS}. */
function fitting(details: readonly ScenePhrase[]): number {
  let words = 0;
  const over = details.findIndex(({ text }) => {
    words += text.split(' ').length;
    return words > DETAIL_WORDS;
  });
  return over < 0 ? details.length : over;
}

/** Every fact ends as evidence of a phrase or of something dropped: nothing disappears. */
export function readScene(facts: readonly Fact[]): Scene {
  const phrases = new Phrases();
  const usable: SceneFact[] = [];
  facts.forEach((fact, index) => {
    const text = neutralText(fact.text);
    if (!isReadable(text)) phrases.drop(text, 'nothing to read', [index]);
    else usable.push({ ...fact, text, index });
  });
  const { described, photo } = readSeen(usable, phrases);
  const original = readRecovered(facts, phrases);
  readLettering(usable, phrases);
  readMeasured(usable, phrases);
  const monochrome = phrases
    .of('light')
    .flatMap(({ text, evidence }) => (text === MONOCHROME ? evidence : []));
  nameLight(phrases);
  withoutClashes(phrases);
  const camera = usable.filter(({ kind }) => kind === 'camera').map(({ index }) => index);
  return new Scene(
    Map.groupBy(phrases.all, ({ part }) => part),
    {
      dropped: phrases.dropped,
      monochrome,
      photographed: camera.length > 0 ? camera : photo,
      described: described || original,
    },
  );
}
