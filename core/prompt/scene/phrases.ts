import { cutAtWord } from '../safe-text.ts';
import { isOnlyHue } from './hues.ts';
import { contentWords, impliedWords, listWords } from './words.ts';

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
  | 'lettering'
  | 'light'
  | 'palette'
  | 'place'
  | 'space'
  | 'format'
  | 'body'
  | 'optics';

export interface ScenePhrase extends Phrase {
  readonly part: Part;
}

interface Said extends ScenePhrase {
  readonly evidence: number[];
  readonly words: ReadonlySet<string>;
}

/** A document lists what was left out; it need not repeat all of it. */
const DROPPED_LENGTH = 120;

/** Phrases gathered so that nothing is said twice: what repeats one becomes more evidence for it. */
export class Phrases {
  readonly #said: Said[] = [];
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

  has(part: Part): boolean {
    return this.#said.some((one) => one.part === part);
  }

  add(part: Part, text: string, evidence: readonly number[]): void {
    const same = this.#said.find((one) => one.part === part && one.text.toLowerCase() === text.toLowerCase());
    if (same) same.evidence.push(...evidence);
    else this.#said.push({ part, text, evidence: [...evidence], words: new Set(saidWords(part, text)) });
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
    const known = (word: string) => this.#said.some((one) => one.words.has(word));
    const fresh = words.filter((word) => !known(word)).length;
    const nearest = this.#nearest(words);
    if (nearest && fresh <= words.length * (told.newShare ?? 0)) nearest.evidence.push(...evidence);
    else this.add(part, text, evidence);
  }

  /** Makes the first `count` phrases of one part into one phrase of another. */
  merge(count: number, from: Part, to: Part): void {
    const first = this.#said.filter((one) => one.part === from).slice(0, count);
    if (first.length === 0) return;
    for (const one of first) this.#said.splice(this.#said.indexOf(one), 1);
    const evidence = first.flatMap((one) => one.evidence);
    this.add(to, listWords(first.map(({ text }) => text)), evidence);
  }

  /** The phrase that shares the most words. */
  #nearest(words: readonly string[]): Said | undefined {
    let nearest: Said | undefined;
    let most = 0;
    for (const one of this.#said) {
      const shared = words.filter((word) => one.words.has(word)).length;
      if (shared <= most) continue;
      most = shared;
      nearest = one;
    }
    return nearest;
  }
}

/** A palette of "sky blue" says that there is blue, not that there is a sky. */
function saidWords(part: Part, text: string): string[] {
  return part === 'palette' ? contentWords(text).filter(isOnlyHue) : impliedWords(text);
}
