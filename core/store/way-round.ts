import type { ListedBlob } from './blobs.ts';

/**
 * The way round names that a storage cannot list. Azurite answers 500 to every page of a listing that has a name with a
 * control character on it. But it takes any text that XML can hold for a marker, and lists what sorts after it by UTF-16
 * code units. Azure encodes such names, and needs none of this.
 */

/** The first blob under a prefix whose name sorts after another. */
export type Ask = (prefix: string, after: string) => Promise<ListedBlob | 'none' | 'unlistable'>;

export interface WayRound {
  /** The first blob behind the names that cannot be listed; null where there is none. */
  readonly next: ListedBlob | null;
  /** Whether others may be before it: outside of Latin not every character is tried. */
  readonly isSkipping: boolean;
}

/** Sorts after every character of a name that can be listed. */
const END = '\ufffd';

/** Tried one by one. C1 controls are in no usable name. */
const LATIN = [...codes(0x20, 0x7e), ...codes(0xa0, 0x24f)];
const LAST_LATIN = '\u024f';

/** Where parts of the other scripts begin, in the order of the listing. */
const SCRIPTS = [
  '\u0250\u0370\u0400\u0530\u0590\u0600\u0700\u0900\u0e00\u10a0\u1100\u1e00\u2000\u2190\u2e80\u3040\u30a0\u3100\u3400',
  '\u4e00\u5800\u6000\u6800\u7000\u7800\u8000\u8800\u9000\u9800\ua000\uac00\ud7b0',
  '\u{10000}\u{1f000}\u{1f300}\u{1f600}\u{1f900}\u{20000}\ue000\uf900\uff00\ufffd',
].flatMap((characters) => [...characters]);

/**
 * Goes up from a name that is listed and followed by one that is not, character by character, until something else is
 * found to follow: so nothing is passed over that could be found.
 * @param after the last name that was listed; empty at the beginning
 */
export async function findWayRound(ask: Ask, prefix: string, after: string): Promise<WayRound> {
  const characters = [...after.slice(prefix.length)];
  let isSkipping = false;
  for (let kept = characters.length; kept >= 0; kept--) {
    const begin = prefix + characters.slice(0, kept).join('');
    const first = await ask(begin, after);
    if (first === 'none') continue;
    if (first !== 'unlistable') return { next: first, isSkipping };
    const found = await findBehind(ask, begin, characters[kept] ?? null, after);
    isSkipping ||= found.isSkipping;
    if (found.next) return { next: found.next, isSkipping };
  }
  return { next: null, isSkipping };
}

/**
 * The first blob that can be listed among those that begin with `begin`, of which the first cannot.
 * @param known the next character up to which all are known; null where none is
 */
async function findBehind(ask: Ask, begin: string, known: string | null, after: string): Promise<WayRound> {
  let isSkipping = false;
  // Known to be behind the character that is being tried, so that it need not be asked again.
  let isAhead = false;
  for (const character of LATIN) {
    if (known !== null && character <= known) continue;
    const name = begin + character;
    let next = await ask(name, after);
    if (next === 'unlistable') {
      const found = await findBehind(ask, name, null, after);
      isSkipping ||= found.isSkipping;
      if (found.next) return { next: found.next, isSkipping };
      isAhead = false;
      continue;
    }
    if (next === 'none' && !isAhead) {
      next = await ask(begin, name);
      if (next === 'none') return { next: null, isSkipping };
    }
    if (typeof next === 'object') return { next, isSkipping };
    isAhead = true;
  }
  const last = known !== null && known > LAST_LATIN ? known : LAST_LATIN;
  const found = await findInScripts(ask, begin, last, after);
  return { next: found.next, isSkipping: isSkipping || found.isSkipping };
}

async function findInScripts(ask: Ask, begin: string, known: string, after: string): Promise<WayRound> {
  let isSkipping = false;
  for (const mark of [known + END, ...SCRIPTS.filter((character) => character > known)]) {
    const next = await ask(begin, begin + mark > after ? begin + mark : after);
    if (next === 'none') return { next: null, isSkipping };
    if (next !== 'unlistable') return { next, isSkipping };
    isSkipping = true;
  }
  return { next: null, isSkipping };
}

function codes(first: number, last: number): string[] {
  return Array.from({ length: last - first + 1 }, (_, index) => String.fromCodePoint(first + index));
}
