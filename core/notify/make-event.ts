import { createHash } from 'node:crypto';
import type { Batch } from '../batch/record.ts';
import type { News } from '../describe/news.ts';
import type { Blobs } from '../store/blobs.ts';
import { errorName, promptName } from '../store/names.ts';
import type { WebhookEvent } from './event.ts';

/** The news that a webhook hears of: whoever edits a prompt knows that it is edited. */
export type ToldNews = Exclude<News, { readonly kind: 'edit' }>;

const NOTHING = {
  container: null,
  name: null,
  url: null,
  etag: null,
  promptUrl: null,
  promptEtag: null,
  prompt: null,
  negativePrompt: null,
  altText: null,
  caption: null,
  origin: null,
  degraded: null,
  provider: null,
  format: null,
  width: null,
  height: null,
  errorUrl: null,
  code: null,
  title: null,
  detail: null,
  retryable: null,
  attempts: null,
  nextTryAt: null,
  batchId: null,
  batchStatus: null,
  batchPrefix: null,
  listed: null,
  described: null,
  reused: null,
  unchanged: null,
  refused: null,
  failed: null,
  visionCalls: null,
} as const satisfies Partial<WebhookEvent>;

/** @param now milliseconds since the epoch */
export function eventOf(news: ToldNews, blobs: Pick<Blobs, 'container' | 'url'>, now: number): WebhookEvent {
  const { name } = news;
  const type = news.kind === 'prompt' ? 'prompt.created' : 'prompt.failed';
  const event: WebhookEvent = {
    ...NOTHING,
    id: idOf(type, blobs.container, name, news.etag),
    type,
    version: 1,
    time: new Date(now).toISOString(),
    container: blobs.container,
    name,
    url: blobs.url(name),
  };
  if (news.kind === 'error') {
    const { sourceEtag, code, title, detail = null, retryable, attempts, nextTryAt } = news.problem;
    const errorUrl = blobs.url(errorName(name));
    return { ...event, etag: sourceEtag, errorUrl, code, title, detail, retryable, attempts, nextTryAt };
  }
  const { prompt, negativePrompt, altText, caption, origin, analysis, image } = news.document;
  const { format, width, height, etag } = image;
  return {
    ...event,
    etag,
    promptUrl: blobs.url(promptName(name)),
    promptEtag: news.etag,
    prompt,
    negativePrompt,
    altText,
    caption: caption?.text ?? null,
    origin,
    degraded: analysis.degraded,
    provider: analysis.provider,
    format,
    width,
    height,
  };
}

/** @param batch one that has ended. @param now milliseconds since the epoch */
export function batchEvent(batch: Batch, container: string, now: number): WebhookEvent {
  const { id, status, options, counts, visionCalls, problem, finishedAt } = batch;
  const { listed, described, reused, unchanged, refused, failed } = counts;
  return {
    ...NOTHING,
    id: idOf('batch.finished', container, id, status),
    type: 'batch.finished',
    version: 1,
    time: finishedAt ?? new Date(now).toISOString(),
    container,
    code: problem?.code ?? null,
    title: problem?.title ?? null,
    detail: problem?.detail ?? null,
    batchId: id,
    batchStatus: status,
    batchPrefix: options.prefix,
    listed,
    described,
    reused,
    unchanged,
    refused,
    failed,
    visionCalls,
  };
}

/** The same whenever the same is told again, so that a receiver can tell. */
function idOf(...parts: readonly string[]): string {
  return `msg_${createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32)}`;
}
