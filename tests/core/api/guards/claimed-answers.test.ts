import { BlobServiceClient } from '@azure/storage-blob';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Claim, claimAnswer } from '../../../../core/api/guards/claimed-answers.ts';
import { AzureBlobs } from '../../../../core/store/azure-blobs.ts';
import type { Blobs } from '../../../../core/store/blobs.ts';
import { startAzurite } from '../../../azurite.ts';

let azurite: Awaited<ReturnType<typeof startAzurite>>;
let blobs: AzureBlobs;
beforeAll(async () => {
  azurite = await startAzurite();
  const service = BlobServiceClient.fromConnectionString(azurite.connectionString);
  blobs = new AzureBlobs(service.getContainerClient('state'));
  await blobs.create();
});
afterAll(() => azurite.close());

const ANSWER = { status: 200, headers: { 'content-type': 'application/json' }, body: 'e30=' };
const MINUTE = 60_000;

/** The same storage, answering so much later. */
function servedLater(milliseconds: number): Blobs {
  const later: Blobs = Object.create(blobs);
  return Object.assign(later, {
    url: (name: string) => blobs.url(name),
    write: blobs.write.bind(blobs),
    remove: blobs.remove.bind(blobs),
    read: async (...asked: Parameters<Blobs['read']>) => {
      const found = await blobs.read(...asked);
      return found && { ...found, servedAt: new Date(found.servedAt.getTime() + milliseconds) };
    },
  });
}

function mine(claim: Claim): Extract<Claim, { readonly state: 'mine' }> {
  if (claim.state !== 'mine') throw new Error(`the claim is ${claim.state}`);
  return claim;
}

describe('a claim', () => {
  test('belongs to one of many that come at once', async () => {
    const claims = await Promise.all(Array.from({ length: 20 }, () => claimAnswer(blobs, 'at once', 'f')));
    expect(claims.filter(({ state }) => state === 'mine')).toHaveLength(1);
    expect(claims.filter(({ state }) => state === 'running')).toHaveLength(19);
  });

  test('gives the answer that was kept, to the same request only', async () => {
    await mine(await claimAnswer(blobs, 'kept', 'f')).keep(ANSWER);
    expect(await claimAnswer(blobs, 'kept', 'f')).toEqual({ state: 'answered', answer: ANSWER });
    expect(await claimAnswer(blobs, 'kept', 'other')).toEqual({ state: 'other-request' });
  });

  test('that was released is free for any request', async () => {
    await mine(await claimAnswer(blobs, 'released', 'f')).release();
    expect((await claimAnswer(blobs, 'released', 'other')).state).toBe('mine');
  });

  test('whose request never ended is taken over after five minutes, and its owner changes nothing any more', async () => {
    const lost = mine(await claimAnswer(blobs, 'lost', 'f'));
    const running = await claimAnswer(servedLater(4 * MINUTE), 'lost', 'f');
    if (running.state !== 'running') throw new Error(`the claim is ${running.state}`);
    const { sinceMs, leftMs } = running;
    expect([sinceMs + leftMs, sinceMs >= 3 * MINUTE, leftMs <= 2 * MINUTE]).toEqual([5 * MINUTE, true, true]);
    const next = mine(await claimAnswer(servedLater(6 * MINUTE), 'lost', 'f'));
    await lost.keep({ ...ANSWER, status: 201 });
    await lost.release();
    expect((await claimAnswer(blobs, 'lost', 'f')).state).toBe('running');
    await next.keep(ANSWER);
    expect(await claimAnswer(blobs, 'lost', 'f')).toEqual({ state: 'answered', answer: ANSWER });
  });

  test('is known again by who made it, where the answer of storage was lost', async () => {
    const lossy: Blobs = Object.assign(servedLater(0), {
      write: async (...asked: Parameters<Blobs['write']>) => {
        await blobs.write(...asked);
        // The repetition of a write that was done.
        return blobs.write(...asked);
      },
    });
    const claim = mine(await claimAnswer(lossy, 'lossy', 'f'));
    expect((await claimAnswer(lossy, 'lossy', 'f')).state).toBe('running');
    await claim.keep(ANSWER);
    expect(await claimAnswer(blobs, 'lossy', 'f')).toEqual({ state: 'answered', answer: ANSWER });
  });

  test('ends 24 hours after its answer', async () => {
    await mine(await claimAnswer(blobs, 'old', 'f')).keep(ANSWER);
    const hours = (count: number) => servedLater(count * 60 * MINUTE);
    expect((await claimAnswer(hours(23), 'old', 'f')).state).toBe('answered');
    expect((await claimAnswer(hours(25), 'old', 'other')).state).toBe('mine');
  });

  test('is written over where something else lies in its place', async () => {
    const options = { contentType: 'text/plain', condition: 'new' } as const;
    await blobs.write('foreign', Buffer.from('not ours'), options);
    expect((await claimAnswer(blobs, 'foreign', 'f')).state).toBe('mine');
  });
});
