import { extensionOf, MAX_IMAGE_NAME } from '../../../store/names.ts';
import { folded, isReserved, NON_PORTABLE, UNSAFE } from './name-problems.ts';

const UNSAFE_ALL = new RegExp(UNSAFE, 'gu');
const NON_PORTABLE_ALL = new RegExp(NON_PORTABLE, 'g');

const EXTENSIONS = new Map([
  ['jpeg', 'jpg'],
  ['tiff', 'tif'],
  ['svg+xml', 'svg'],
  ['icon', 'ico'],
]);

/** Room for a number that tells it from others. */
const MAX_CLEAN = MAX_IMAGE_NAME - 16;

/**
 * A name as near to another as it can be, with nothing wrong with it by itself.
 * @param type an `image/` content type whose extension the name is to get
 */
export function cleanName(name: string, type: string | null = null): string {
  const segments = name.replaceAll('\\', '/').split('/').map(cleanSegment);
  const kept = segments.filter((segment) => segment !== '');
  const clean = shortened(kept.length === 0 ? 'image' : kept.join('/'));
  if (type === null) return clean;
  const subtype = type
    .toLowerCase()
    .replace(/^image\/(?:x-)?/, '')
    .replace(/;.*$/, '')
    .trim();
  const extension = EXTENSIONS.get(subtype) ?? (/^[a-z0-9]{2,5}$/.test(subtype) ? subtype : 'jpg');
  return `${withoutExtension(clean)}.${extension}`;
}

function cleanSegment(segment: string): string {
  const portable = segment
    .normalize('NFC')
    .replace(UNSAFE_ALL, '')
    .replace(NON_PORTABLE_ALL, '-')
    .normalize('NFC');
  const trimmed = portable.trim().replace(/[.\s]+$/, '');
  // In front, so that it is no device's name any more, whatever follows.
  return isReserved(trimmed) ? `_${trimmed}` : trimmed;
}

function shortened(name: string): string {
  if (name.length <= MAX_CLEAN) return name;
  const extension = extensionOf(name);
  const tail = extension === null ? '' : `.${extension}`.slice(0, 16);
  // A pair of surrogates is not cut in two.
  const head = name.slice(0, MAX_CLEAN - tail.length).replace(/[\uD800-\uDBFF]$/, '');
  return head.replace(/[.\s/]+$/, '') + tail;
}

function withoutExtension(name: string): string {
  const extension = extensionOf(name);
  return extension === null ? name : name.slice(0, -extension.length - 1);
}

/** `a/cat.jpg` with 2: `a/cat-2.jpg`. */
function numbered(name: string, number: number): string {
  const extension = extensionOf(name);
  const stem = withoutExtension(name);
  return extension === null ? `${stem}-${number}` : `${stem}-${number}${name.slice(stem.length)}`;
}

export interface Suggested {
  readonly name: string;
  /** It cannot have the name that it has, even if that is clean. */
  readonly isTaken: boolean;
  /** An `image/` content type whose extension the name is to get. */
  readonly type: string | null;
}

/** Suggests names that are clean, and that neither another image nor another suggestion has. */
export class Suggestions {
  readonly #isKnown: (name: string) => boolean;
  readonly #given = new Set<string>();

  /** @param isKnown whether an image has a name, where case and composition do not count */
  constructor(isKnown: (name: string) => boolean) {
    this.#isKnown = isKnown;
  }

  for({ name, isTaken, type }: Suggested): string {
    const clean = cleanName(name, type);
    const own = folded(name);
    for (let number = 1; ; number++) {
      const candidate = number === 1 ? clean : numbered(clean, number);
      const key = folded(candidate);
      const isOwn = key === own && !isTaken;
      if (this.#given.has(key) || (!isOwn && this.#isKnown(candidate))) continue;
      this.#given.add(key);
      return candidate;
    }
  }
}
