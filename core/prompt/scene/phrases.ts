import { cutAtWord } from '../safe-text.ts';
import { isOnlyHue } from '../words/hues.ts';
import { contentWords, impliedWords } from '../words/stems.ts';

/** Words for a prompt, and the indexes of the facts that say so. */
export interface Phrase {
  readonly text: string;
  readonly evidence: readonly number[];
}

/** What is not said, why, and which facts are left out with it. */
export interface Dropped extends Phrase {
  readonly reason: string;
}

/** What a phrase is about: targets choose parts and put them into their own order. */
export type Part =
  | 'subject'
  | 'shot'
  | 'setting'
  | 'action'
  | 'detail'
  | 'topic'
  | 'lettering'
  | 'light'
  | 'tone'
  | 'palette'
  | 'place'
  | 'space'
  | 'format'
  | 'body'
  | 'optics';

export interface ScenePhrase extends Phrase {
  readonly part: Part;
}

interface Said {
  part: Part;
  text: string;
  readonly evidence: number[];
}

/** A document lists what was left out; it need not repeat all of it. */
const DROPPED_LENGTH = 120;

/** Of the phrases that say a word, so many are looked at to find where a repetition belongs. */
const MOST_SAYING = 50;

/** Phrases gathered so that nothing is said twice: what repeats one becomes more evidence for it. */
export class Phrases {
  readonly #said: Said[] = [];
  readonly #byText = new Map<string, Said>();
  /** By a word's stem, the phrases that say it: thousands of facts must not be compared with each other. */
  readonly #byWord = new Map<string, Said[]>();
  readonly #dropped: Dropped[] = [];

  get all(): readonly ScenePhrase[] {
    return this.#said;
  }

  get dropped(): readonly Dropped[] {
    return this.#dropped;
  }

  drop(text: string, reason: string, evidence: readonly number[]): void {
    this.#dropped.push({ text: cutAtWord(text, DROPPED_LENGTH), reason, evidence });
  }

  of(...parts: readonly Part[]): readonly ScenePhrase[] {
    return this.#said.filter(({ part }) => parts.includes(part));
  }

  has(part: Part): boolean {
    return this.#said.some((one) => one.part === part);
  }

  /** Whether a phrase says the word, be it by a word that implies it. */
  says(stem: string): boolean {
    return this.#byWord.has(stem);
  }

  add(part: Part, text: string, evidence: readonly number[]): void {
    const key = `${part} ${text.toLowerCase()}`;
    const same = this.#byText.get(key);
    if (same) {
      addAll(same.evidence, evidence);
      return;
    }
    const said = { part, text, evidence: [...evidence] };
    this.#said.push(said);
    this.#byText.set(key, said);
    for (const word of saidWords(part, text)) {
      const saying = this.#byWord.get(word);
      if (saying && saying.length < MOST_SAYING) saying.push(said);
      else if (!saying) this.#byWord.set(word, [said]);
    }
  }

  /**
   * Adds what is new and, of what is not, the evidence.
   * @param told.newShare how much of a text must be new to be worth its words, 0 to 1
   * @param told.about the words that count, where they are not the text's own
   */
  addNew(
    part: Part,
    text: string,
    evidence: readonly number[],
    told: { newShare?: number; about?: string } = {},
  ): void {
    const words = contentWords(told.about ?? text);
    const fresh = words.filter((word) => !this.says(word)).length;
    const nearest = this.#nearest(words);
    if (nearest && fresh <= words.length * (told.newShare ?? 0)) addAll(nearest.evidence, evidence);
    else this.add(part, text, evidence);
  }

  /** Makes the first phrase of one part that fits one of another, or else the first of all. */
  promote(from: Part, to: Part, fits: (text: string) => boolean): void {
    const candidates = this.#said.filter((one) => one.part === from);
    const first = candidates.find(({ text }) => fits(text)) ?? candidates[0];
    if (first) first.part = to;
  }

  /** Takes out the phrase of a part with this text, and lists it as dropped. For when all facts are read. */
  retract(part: Part, text: string, reason: string): void {
    const at = this.#said.findIndex((one) => one.part === part && one.text === text);
    const [one] = at < 0 ? [] : this.#said.splice(at, 1);
    if (one) this.drop(text, reason, one.evidence);
  }

  /** Says a phrase in other words, with what makes them true. For when all facts are read. */
  reword(part: Part, text: string, words: string, evidence: readonly number[]): void {
    const one = this.#said.find((said) => said.part === part && said.text === text);
    if (!one) return;
    one.text = words;
    addAll(one.evidence, evidence);
  }

  /** The evidence of the first phrase that says the word. */
  saying(stem: string): readonly number[] {
    return this.#byWord.get(stem)?.[0]?.evidence ?? [];
  }

  /** The phrase that shares the most words; of equal ones the first. */
  #nearest(words: readonly string[]): Said | undefined {
    const shared = new Map<Said, number>();
    for (const word of words) {
      for (const one of this.#byWord.get(word) ?? []) shared.set(one, (shared.get(one) ?? 0) + 1);
    }
    let nearest: Said | undefined;
    let most = 0;
    for (const [one, count] of shared) {
      if (count <= most) continue;
      most = count;
      nearest = one;
    }
    return nearest;
  }
}

function addAll(evidence: number[], more: readonly number[]): void {
  for (const index of more) evidence.push(index);
}

/** A palette of "sky blue" says that there is blue, not that there is a sky. */
function saidWords(part: Part, text: string): string[] {
  return part === 'palette' ? contentWords(text).filter(isOnlyHue) : impliedWords(text);
}
