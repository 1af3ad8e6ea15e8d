import { createHash } from 'node:crypto';
import { type Context, Hono } from 'hono';
import { dateIn } from '../../clock.ts';
import { describeBytes } from '../../describe/describe-bytes.ts';
import { PAUSED_MS } from '../../describe/describe-image.ts';
import { DeferredError, FailedError, RefusedError } from '../../errors.ts';
import { sniffImage } from '../../image/sniff.ts';
import { withTargets } from '../../prompt/with-targets.ts';
import { isCandidate } from '../../store/names.ts';
import { describing } from '../../telemetry/spans.ts';
import { readImage } from '../bodies/body.ts';
import type { ApiEnv, ApiOptions } from '../options.ts';
import { notAnImage, parseQuery, promptPath, usableName } from '../request.ts';
import { describeQuery } from './describe-operation.ts';
import { describeStored } from './describe-stored.ts';
import { readPrompt, requireComposable } from './stored-prompt.ts';

/** What a retryable failure advises, in seconds. */
const RETRY_AFTER = '30';

/** So long a client waits while someone else describes the same content, in milliseconds. */
const PATIENCE_MS = 30_000;

/** `POST /api/prompts`: describes the image that is sent, one at an address, or one that is stored. */
export function describeRoutes(options: ApiOptions): Hono<ApiEnv> {
  const { blobs, settings, prefix, drainBodies, bodyDeadlineMs, fetchImage } = options;
  return new Hono<ApiEnv>().post('/', (c) => describing(() => answer(c)));

  async function answer(c: Context<ApiEnv>): Promise<Response> {
    const { target: targets, store, force, name, language } = parseQuery(c, describeQuery);
    const { signal } = c.req.raw;
    const sent = await readImage(c.req.raw, {
      maxBytes: settings.limits.maxBytes,
      drain: drainBodies,
      deadlineMs: bodyDeadlineMs,
      isAwaited: c.get('isAwaited'),
    });
    if (settings.isPaused) throw new DeferredError('paused', dateIn(settings.clock, PAUSED_MS));

    const answerStored = async (image: string, status: 200 | 201): Promise<Response> => {
      const outcome = await describeStored(image, options, {
        force,
        language,
        patience: PATIENCE_MS,
        signal,
      });
      if (outcome.status === 'gone')
        throw new RefusedError('not-found', { detail: 'There is no image of this name.' });
      if (outcome.status !== 'done') throw outcome.error;
      const headers = status === 201 ? { location: promptPath(image) } : {};
      const stored = outcome.document ? null : await readPrompt(blobs, image, signal);
      const document = outcome.document ?? stored?.document;
      if (document) {
        if (targets) requireComposable(document);
        return c.json(withTargets(document, targets, settings), status, headers);
      }
      if (stored === null)
        throw new RefusedError('not-found', { detail: 'The prompt was deleted meanwhile.' });
      // A person wrote something of their own beside the image: that is its prompt, and no other can be made of it.
      if (targets) throw new RefusedError('prompt-not-composable');
      return c.body(Buffer.from(stored.bytes), status, { ...headers, 'content-type': 'application/json' });
    };

    try {
      if ('blob' in sent) {
        if (store === false)
          throw new RefusedError('invalid-request', {
            detail: 'A stored image keeps its prompt: store cannot be false.',
          });
        const image = usableName(sent.blob);
        const stored = await blobs.head(image, signal);
        if (stored === null)
          throw new RefusedError('not-found', { detail: 'There is no image of this name.' });
        if (!isCandidate(image, stored.contentType, prefix)) throw notAnImage(prefix);
        return await answerStored(image, 200);
      }
      if (!store && name !== undefined)
        throw new RefusedError('invalid-request', { detail: 'A name is for store=true only.' });
      const wanted = name === undefined ? undefined : usableName(name);
      const ownHost = new URL(c.req.url).hostname;
      const bytes = 'url' in sent ? await fetchImage(sent.url, { ownHost, signal }) : sent.bytes;
      if (!store) {
        const asked = { stored: null, targets, language, patience: PATIENCE_MS, signal };
        const describe = () => describeBytes(bytes, settings, asked);
        return c.json(await settings.telemetry.attempt(signal, describe));
      }
      const image = wanted ?? generatedName(bytes, prefix);
      const isNew = await storeImage(image, bytes);
      return await answerStored(image, isNew ? 201 : 200);
    } catch (error) {
      if (!(error instanceof FailedError)) throw error;
      throw error.with({ 'retry-after': RETRY_AFTER, ...error.headers });
    }
  }

  /** @returns whether it is new; false where the very same image was stored before */
  async function storeImage(name: string, bytes: Uint8Array): Promise<boolean> {
    const found = sniffImage(bytes);
    const contentType = 'format' in found ? `image/${found.format}` : 'application/octet-stream';
    if (!isCandidate(name, contentType, prefix)) throw notAnImage(prefix);
    if ((await blobs.write(name, bytes, { contentType, condition: 'new' })) !== 'conflict') return true;
    const stored = await blobs.head(name);
    if (stored?.contentMd5 === createHash('md5').update(bytes).digest('base64')) return false;
    throw new RefusedError('name-taken');
  }
}

/** A name for an image that was sent without one: the same image always gets the same. */
function generatedName(bytes: Uint8Array, prefix: string): string {
  const found = sniffImage(bytes);
  if ('refused' in found) throw new RefusedError('unsupported-image', { detail: found.refused });
  const extension = found.format.replace('jpeg', 'jpg');
  return `${prefix}uploads/${createHash('sha256').update(bytes).digest('hex').slice(0, 16)}.${extension}`;
}
