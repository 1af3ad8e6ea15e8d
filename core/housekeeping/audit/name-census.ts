import type { ListedBlob } from '../../store/blobs.ts';
import { sidecarNames } from '../../store/names.ts';
import { Capped } from './capped.ts';
import type { Catalog } from './catalog.ts';
import { FirstNames, hash48, KnownNames, NameStore } from './names/known-names.ts';
import { type NameProblem, problemsOf } from './names/name-problems.ts';
import { Suggestions } from './names/suggest-name.ts';

interface Finding {
  readonly name: string;
  readonly problems: NameProblem[];
  readonly other: string | null;
  /** Of what is named as if it were no image. */
  readonly type: string | null;
}

/** The names and contents of images: what is wrong with the names, and which contents are there twice. */
export class NameCensus {
  readonly #hasTxt: boolean;
  readonly #store = new NameStore();
  readonly #known = new KnownNames(this.#store);
  readonly #stems = new FirstNames(this.#store);
  readonly #contents = new FirstNames(this.#store);
  readonly #findings = new Capped<Finding>();
  readonly #duplicates = new Capped<Catalog['duplicates']['items'][number]>();
  #duplicateBytes = 0;

  /** @param options.hasTxt whether images with the same stem share a `<stem>.txt` */
  constructor({ hasTxt }: { readonly hasTxt: boolean }) {
    this.#hasTxt = hasTxt;
  }

  /** @param sha256 of its content, in hex; null where it is not known */
  addImage({ name, size }: ListedBlob, sha256: string | null): void {
    const place = this.#store.add(name);
    const problems = problemsOf(name);
    const twin = this.#known.add(name, place);
    if (twin !== null) problems.push(collisionOf(name, twin));
    const sibling = this.#hasTxt ? this.#stems.first(hash48(sidecarNames(name).txt), place) : null;
    if (sibling !== null) problems.push('shared-stem');
    if (problems.length > 0) this.#findings.add({ name, problems, other: twin ?? sibling, type: null });
    // The metadata of a blob can be set by whoever may write it.
    if (sha256 === null || !/^[0-9a-f]{64}$/.test(sha256)) return;
    const same = this.#contents.first(Number.parseInt(sha256.slice(0, 12), 16), place);
    if (same === null) return;
    this.#duplicateBytes += size;
    this.#duplicates.add({ name, sameAs: same, bytes: size, suggestion: `keep ${same}, remove ${name}` });
  }

  /** A blob that says that it is an image, under a name that no image has. */
  addMisnamed({ name, contentType }: ListedBlob): void {
    const problems: NameProblem[] = [...problemsOf(name), 'other-extension'];
    this.#findings.add({ name, problems, other: null, type: contentType });
  }

  found(): Pick<Catalog, 'names' | 'duplicates'> {
    const suggestions = new Suggestions((name) => this.#known.has(name));
    const items = this.#findings.items.map(({ name, problems, other, type }) => {
      const isTaken = problems.includes('shared-stem') || this.#known.isShared(name);
      return { name, problems, other, suggestion: suggestions.for({ name, isTaken, type }) };
    });
    return {
      names: { count: this.#findings.count, items },
      duplicates: { ...this.#duplicates.list(), bytes: this.#duplicateBytes },
    };
  }
}

function collisionOf(name: string, twin: string): NameProblem {
  return name.normalize('NFC') === twin.normalize('NFC') ? 'composition-collision' : 'case-collision';
}
