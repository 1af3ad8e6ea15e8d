import type { Clock } from '../clock.ts';
import { Feed } from '../feed/feed.ts';
import type { Log } from '../log.ts';
import type { Blobs } from '../store/blobs.ts';
import { OutgoingTelemetry } from '../telemetry/outgoing.ts';
import { NewsDesk } from './news-desk.ts';
import { Outbox } from './outbox.ts';
import { Webhook } from './webhook.ts';

export interface NewsSettings {
  readonly blobs: Blobs;
  /** Null where there is none. */
  readonly feed: Blobs | null;
  readonly webhookUrl: string | undefined;
  readonly webhookSecret: () => Promise<string | null>;
  readonly clock: Clock;
  readonly log: Log;
}

/** They have whole prompts in them. What is too much for it is found by housekeeping. */
const MAX_FEED_WAITING = 250;

export function createNewsDesk(settings: NewsSettings): NewsDesk {
  const { blobs, feed, webhookUrl: url, webhookSecret: secret, clock, log } = settings;
  const telemetry = new OutgoingTelemetry();
  const entries = new Outbox({ clock, max: MAX_FEED_WAITING });
  const events = new Outbox({ clock });
  return new NewsDesk({
    blobs,
    clock,
    outboxes: [entries, events],
    feed: feed && new Feed({ blobs, feed, outbox: entries, telemetry, log }),
    webhook: url === undefined ? null : new Webhook({ url, secret, outbox: events, clock, telemetry, log }),
  });
}
