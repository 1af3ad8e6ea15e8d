import type { BlobProperties } from '../../../../core/store/blobs.ts';
import { ownerOf } from '../../../../core/store/names.ts';
import { isOurs } from '../../../../core/store/prompts.ts';
import { type Content, sha256Of } from './contents.ts';

/** A version of a prompt or error. */
interface Output {
  readonly isOurs: boolean;
  readonly sourceEtag: string;
}

/** Of an image. */
interface Version {
  readonly etag: string;
  readonly content: Content;
}

/** All that was ever written in the container of the images, and what must never be. */
export class Ledger {
  /** Every version each image ever had, in order. */
  readonly #images = new Map<string, Version[]>();
  readonly #outputs = new Map<string, Output>();
  readonly #breaches: string[];

  /** @param breaches collects what must never happen: an exception would only be one more failure to the program */
  constructor(breaches: string[]) {
    this.#breaches = breaches;
  }

  image(name: string, etag: string, content: Content): void {
    this.#images.set(name, [...(this.#images.get(name) ?? []), { etag, content }]);
  }

  output(etag: string, blob: Pick<BlobProperties, 'metadata' | 'contentMd5'>): void {
    const ours = blob.metadata.ours !== undefined && blob.metadata.ours === blob.contentMd5;
    this.#outputs.set(etag, { isOurs: ours, sourceEtag: blob.metadata.sourceetag ?? '' });
  }

  contentOf(name: string, etag: string): Content | undefined {
    return this.#images.get(name)?.find((version) => version.etag === etag)?.content;
  }

  /** What a process wrote beside an image. `replaced` is the ETag that its condition named. */
  written(name: string, written: BlobProperties, replaced: string | null): void {
    this.#note(this.#faultOfWrite(name, written, replaced));
    this.output(written.etag, written);
  }

  /** I1, I4, I6: it is made of the image, not older than what was there, and nothing else is written. */
  #faultOfWrite(name: string, written: BlobProperties, replaced: string | null): string | null {
    const owner = ownerOf(name);
    if (owner === null) return `I6: ${name} is written`;
    if (!isOurs(written)) return `${name} does not say that it is ours`;
    const { sourceetag = '', sha256 } = written.metadata;
    const versions = this.#images.get(owner.image) ?? [];
    const version = versions.findIndex((one) => one.etag === sourceetag);
    const content = versions[version]?.content;
    if (content === undefined) return `I1: ${name} is made from ${sourceetag}, which never was`;
    if (owner.kind === 'error') return null;
    if (sha256 !== sha256Of(content)) return `I1: ${name} is of another content`;
    const before = replaced === null ? undefined : this.#outputs.get(replaced);
    if (before && !before.isOurs) return `${name} is written over a person's`;
    const older = versions.findIndex((one) => one.etag === before?.sourceEtag);
    return older > version ? `I4: ${name} is written over one of a newer image` : null;
  }

  /** What a process removed, and the ETag that its condition named. */
  removed(name: string, etag: string | null): void {
    const kind = ownerOf(name)?.kind;
    if (kind === undefined) this.#note(`I6: ${name} is removed`);
    if (kind === 'prompt' && !this.#outputs.get(etag ?? '')?.isOurs)
      this.#note(`a person's ${name} is removed`);
  }

  #note(breach: string | null): void {
    if (breach !== null) this.#breaches.push(breach);
  }
}
