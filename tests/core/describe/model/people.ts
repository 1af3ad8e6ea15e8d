import { encodeEvent } from '../../../../core/queue/message.ts';
import { promptName } from '../../../../core/store/names.ts';
import { bytesOf, type Content } from './contents.ts';
import type { World } from './world.ts';

/** A name that begins with another, as a listing must not mix them up. */
export const NAMES = ['cat.png', 'cat.png-2.png', 'dog.png'] as const;
export type Name = (typeof NAMES)[number];

/** How the event of a change travels. */
export const DELIVERIES = ['at once', 'late', 'twice', 'never'] as const;
export type Delivery = (typeof DELIVERIES)[number];

interface LateEvent {
  readonly name: Name;
  readonly etag: string | undefined;
}

/** The people who drop images and edit prompts, and the post that brings the events of it. */
export class People {
  readonly #world: World;
  #late: LateEvent[] = [];
  #texts = 0;
  /** Prompts that people wrote, and have not taken away again. */
  readonly prompts = new Map<Name, string>();
  readonly archived = new Set<Name>();

  constructor(world: World) {
    this.#world = world;
  }

  async upload(name: Name, content: Content, delivery: Delivery): Promise<void> {
    // Storage would refuse it.
    if (this.archived.has(name)) return;
    const { images } = this.#world.storage;
    const options = { contentType: 'image/png', condition: 'any' } as const;
    const written = await images.write(name, bytesOf(content), options);
    if (written === 'conflict') return;
    this.#world.ledger.image(name, written.etag, content);
    await this.#post({ name, etag: written.etag }, delivery);
  }

  async remove(name: Name, delivery: Delivery): Promise<void> {
    await this.#world.storage.images.remove(name);
    this.archived.delete(name);
    await this.#post({ name, etag: undefined }, delivery);
  }

  /** Another ETag, with the same bytes. */
  async touch(name: Name, delivery: Delivery): Promise<void> {
    const { storage, ledger } = this.#world;
    const before = await storage.images.head(name);
    const content = before && ledger.contentOf(name, before.etag);
    if (!content) return;
    await storage.touch(name);
    const after = await storage.images.head(name);
    if (after) ledger.image(name, after.etag, content);
    await this.#post({ name, etag: undefined }, delivery);
  }

  async archive(name: Name): Promise<void> {
    const { images } = this.#world.storage;
    if ((await images.head(name)) === null) return;
    await this.#world.storage.archive(name);
    this.archived.add(name);
  }

  /** @param keepsLabels as some programs do that save a blob again with its metadata */
  async writePrompt(name: Name, keepsLabels: boolean): Promise<void> {
    const { storage, ledger } = this.#world;
    const text = `{"prompt":"written by hand ${++this.#texts}"}`;
    const before = await storage.images.head(promptName(name));
    const metadata = keepsLabels && before ? before.metadata : {};
    const options = { contentType: 'application/json', metadata, condition: 'any' } as const;
    const written = await storage.images.write(promptName(name), Buffer.from(text), options);
    if (written === 'conflict') return;
    ledger.output(written.etag, { metadata: {}, contentMd5: null });
    this.prompts.set(name, text);
    this.#world.needSweep.add(name);
  }

  async removePrompt(name: Name): Promise<void> {
    await this.#world.storage.images.remove(promptName(name));
    this.prompts.delete(name);
    this.#world.needSweep.add(name);
  }

  /** Brings one of the late events, perhaps not for the last time. */
  async bring(which: number, isLast: boolean): Promise<void> {
    const event = this.#late[which % Math.max(1, this.#late.length)];
    if (event === undefined) return;
    if (isLast) this.#late = this.#late.filter((other) => other !== event);
    await this.#deliver(event);
  }

  async bringAll(): Promise<void> {
    while (this.#late.length > 0) await this.bring(0, true);
  }

  async #post(event: LateEvent, delivery: Delivery): Promise<void> {
    if (delivery === 'never') this.#world.needSweep.add(event.name);
    if (delivery === 'late') this.#late.push(event);
    if (delivery === 'at once' || delivery === 'twice') await this.#deliver(event);
    if (delivery === 'twice') await this.#deliver(event);
  }

  async #deliver({ name, etag }: LateEvent): Promise<void> {
    const { events, storage } = this.#world;
    await events.send(encodeEvent({ container: storage.images.container, name, etag }));
  }
}
