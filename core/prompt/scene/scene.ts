import type { Fact } from '../document.ts';
import { isReadable, neutralText } from '../safe-text.ts';
import { MONOCHROME } from '../vocabulary.ts';
import { readMeasured } from './measured.ts';
import { type Dropped, type Part, Phrases, type ScenePhrase } from './phrases.ts';
import { readLettering, readSeen } from './seen.ts';

/** A fact with its place in the document, its text safe to be put into a prompt. */
export interface SceneFact extends Fact {
  readonly index: number;
}

/** Why a target that takes only so many phrases of a part leaves the others out. */
const LEFT_OUT = {
  detail: 'enough details without it',
  lettering: 'enough lettering without it',
  palette: 'enough colors without it',
  format: 'the size of the picture sets it',
  body: 'the look does not depend on it',
} as const satisfies Partial<Record<Part, string>>;

/** What an image's facts amount to, in phrases that every target puts into its own order and form. */
export class Scene {
  readonly #phrases: readonly ScenePhrase[];
  /** Left out, and why. */
  readonly dropped: readonly Dropped[];
  readonly monochrome: boolean;
  /** Evidence that a camera took the image; empty where nothing says so. */
  readonly photographed: readonly number[];

  constructor(
    phrases: readonly ScenePhrase[],
    about: { dropped: readonly Dropped[]; monochrome: boolean; photographed: readonly number[] },
  ) {
    this.#phrases = phrases;
    this.dropped = about.dropped;
    this.monochrome = about.monochrome;
    this.photographed = about.photographed;
  }

  of(...parts: readonly Part[]): readonly ScenePhrase[] {
    return parts.flatMap((part) => this.#phrases.filter((phrase) => phrase.part === part));
  }

  /** The scene with at most so many phrases of a part. What goes is listed among the dropped. */
  limited(most: Partial<Record<keyof typeof LEFT_OUT, number>>): Scene {
    const over = new Set<ScenePhrase>();
    const dropped = Object.entries(LEFT_OUT).flatMap(([part, reason]) => {
      // Object.entries widens the keys of LEFT_OUT to string.
      const left = this.of(part as Part).slice(
        most[part as keyof typeof LEFT_OUT] ?? Number.POSITIVE_INFINITY,
      );
      for (const phrase of left) over.add(phrase);
      return left.map(({ text, evidence }) => ({ text, reason, evidence }));
    });
    return new Scene(
      this.#phrases.filter((phrase) => !over.has(phrase)),
      { ...this, dropped: [...this.dropped, ...dropped] },
    );
  }
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
  readSeen(usable, phrases);
  readLettering(usable, phrases);
  readMeasured(usable, phrases);
  for (const { kind, text, index } of usable) {
    if (kind === 'recovered') phrases.drop(text, 'a recovered prompt stands on its own', [index]);
  }
  return new Scene(phrases.all, {
    dropped: phrases.dropped,
    monochrome: usable.some(({ kind, text }) => kind === 'light' && text === MONOCHROME),
    photographed: usable.filter(({ kind }) => kind === 'camera').map(({ index }) => index),
  });
}
