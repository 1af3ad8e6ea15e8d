import { access, constants, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as z from 'zod';
import type { Queue } from '../../queue/queue.ts';
import type { Blobs } from '../../store/blobs.ts';
import type { Operation } from '../operation.ts';

interface Places {
  readonly blobs: Blobs;
  readonly state: Blobs;
  readonly events: Queue;
}

const result = z.enum(['ok', 'failing']);

const report = z.object({
  status: result,
  checks: z.object({
    images: result,
    state: result,
    queue: result,
    temp: result,
    disk: result,
    vision: result,
  }),
});
export type Health = z.infer<typeof report>;

export const GET_LIVE = {
  id: 'getLive',
  method: 'GET',
  path: '/api/live',
  summary: 'Whether the program runs',
  description: 'Asks nothing else: for a probe that restarts it.',
  isOpen: true,
  answer: { status: 200, types: ['application/json'], schema: z.object({ status: z.literal('ok') }) },
  errors: ['internal'],
} as const satisfies Operation;

export const GET_HEALTH = {
  id: 'getHealth',
  method: 'GET',
  path: '/api/health',
  summary: 'Whether the program has what it needs',
  description: 'Checked at most every five seconds, however often it is asked.',
  isOpen: true,
  answer: { status: 200, types: ['application/json'], schema: report },
  otherAnswers: [
    { status: 500, types: ['application/json'], description: 'Something is failing.', schema: report },
  ],
  errors: [],
} as const satisfies Operation;

const CACHE_MS = 5_000;

const LIMITS = { folder: tmpdir(), minFreeBytes: 100_000_000, checkMs: 3_000 };

/** Checks what this instance needs in order to work, at most every five seconds however often it is asked. */
export function createHealth(places: Places, now: () => number, limits = LIMITS): () => Promise<Health> {
  let cached: { readonly at: number; readonly health: Promise<Health> } | undefined;
  return () => {
    if (!cached || now() - cached.at >= CACHE_MS) cached = { at: now(), health: check(places, limits) };
    return cached.health;
  };
}

async function check(
  { blobs, state, events }: Places,
  { folder, minFreeBytes, checkMs }: typeof LIMITS,
): Promise<Health> {
  const [images, kept, queue, temp, disk] = await Promise.all([
    verdict(() => blobs.page({ size: 1, signal: AbortSignal.timeout(checkMs) })),
    verdict(() => state.page({ size: 1, signal: AbortSignal.timeout(checkMs) })),
    verdict(() => events.length(AbortSignal.timeout(checkMs))),
    verdict(() => access(folder, constants.W_OK)),
    verdict(async () => {
      const { bavail, bsize } = await statfs(folder);
      if (bavail * bsize < minFreeBytes) throw new Error('the disk is nearly full');
    }),
  ]);
  // A provider without its settings stops the start, so a program that runs has one.
  const checks = { images, state: kept, queue, temp, disk, vision: 'ok' } as const;
  return { status: Object.values(checks).every((result) => result === 'ok') ? 'ok' : 'failing', checks };
}

async function verdict(probe: () => Promise<unknown>): Promise<'ok' | 'failing'> {
  return probe().then(
    () => 'ok',
    () => 'failing',
  );
}
