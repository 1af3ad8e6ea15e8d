import { parseConfig } from '../../core/config.ts';
import { createLog } from '../../core/log.ts';
import { createProgram } from '../../core/program.ts';
import { encodeEvent } from '../../core/queue/message.ts';
import type { VisionServer } from '../faults/vision-server.ts';

/** Containers and a queue of one's own. */
export interface Place {
  /** Settings of a program that works there. */
  readonly environment: Readonly<Record<string, string>>;
  /** Of the images. */
  readonly container: string;
  store(name: string, jpeg: Uint8Array): Promise<void>;
  /** Stores it, and queues its event. */
  drop(name: string, jpeg: Uint8Array): Promise<void>;
  queue(text: string): Promise<void>;
}

let places = 0;

export async function startPlace(connectionString: string, vision: VisionServer): Promise<Place> {
  const number = ++places;
  const settings = {
    STORAGE: connectionString,
    IMAGES_CONTAINER: `images-${number}`,
    STATE_CONTAINER: `state-${number}`,
    IMAGE_EVENTS_QUEUE: `events-${number}`,
    FEED_CONTAINER: `feed-${number}`,
    // Nobody is there, which is told, too.
    WEBHOOK_URL: 'http://127.0.0.1:9/',
    WEBHOOK_SECRET: 'the-secret-of-the-webhook',
    VISION_PROVIDER: 'azure-vision',
    VISION_ENDPOINT: vision.endpoint,
    VISION_KEY: vision.key,
  };
  const program = await createProgram(parseConfig(settings), { connectionString }, createLog('silent'));
  const { blobs, state, events, poison } = program;
  await Promise.all([blobs, state, events, poison, program.feed?.blobs].map((made) => made?.create()));
  const store: Place['store'] = async (name, jpeg) => {
    await blobs.write(name, jpeg, { contentType: 'image/jpeg', condition: 'new' });
  };
  return {
    environment: settings,
    container: blobs.container,
    store,
    async drop(name, jpeg) {
      await store(name, jpeg);
      await events.send(encodeEvent({ container: blobs.container, name }));
    },
    queue: (text) => events.send(text),
  };
}
