import * as z from 'zod';
import { batch, batchOptions, NOTHING_COUNTED } from '../../batch/record.ts';
import type { Operation } from '../operation.ts';
import { namePrefix } from '../request.ts';

const { shape } = batchOptions;

/** What a batch is asked for with: what is left out is as narrow as it can be. */
export const batchBody = z.strictObject({
  prefix: namePrefix.default('').describe('Only images whose names begin with this; all where it is empty.'),
  targets: shape.targets.default(null),
  force: shape.force.default(false),
  stale: shape.stale.default(false),
  maxParallel: shape.maxParallel.default(4),
  dryRun: shape.dryRun.default(false),
});

const EXAMPLE = {
  id: '0f9d5c1e7ab34c2f8e6d1b0a59c47e13',
  status: 'running',
  options: {
    prefix: 'holiday/',
    targets: null,
    force: false,
    stale: false,
    maxParallel: 4,
    dryRun: false,
  },
  counts: { ...NOTHING_COUNTED, listed: 1200, described: 310, reused: 12, unchanged: 200, remaining: 690 },
  visionCalls: 298,
  billedFeatures: 1192,
  estimatedCost: { amount: 1.639, currency: 'USD' },
  createdAt: '2026-03-01T09:00:00.000Z',
  updatedAt: '2026-03-01T09:00:41.000Z',
  finishedAt: null,
  waitingUntil: null,
  problem: null,
} as const;

const LOCATION = { Location: 'Path of the batch.' } as const;
const JSON_TYPE = ['application/json'] as const;
const path = { id: z.string().describe('Of the batch, as POST told it.').meta({ example: EXAMPLE.id }) };

export const START_BATCH = {
  id: 'startBatch',
  method: 'POST',
  path: '/api/batches',
  summary: 'Describe everything under a prefix',
  description:
    'Images without an up-to-date prompt are described; with `stale` and `force` others are, too. What was analysed before is not paid for again. With `dryRun` it is only counted what would be done, and what that would cost.',
  body: { schema: batchBody, example: { prefix: 'holiday/', maxParallel: 4 } },
  answer: {
    status: 202,
    types: JSON_TYPE,
    schema: batch,
    example: EXAMPLE,
    headers: LOCATION,
    description: 'It has been started: ask for it at its path.',
  },
  otherAnswers: [
    {
      status: 200,
      types: JSON_TYPE,
      schema: batch,
      headers: LOCATION,
      description: 'A dry run that is done already.',
    },
  ],
  errors: [
    'invalid-json',
    'invalid-request',
    'body-too-large',
    'unsupported-media-type',
    'storage-unavailable',
  ],
} as const satisfies Operation;

export const GET_BATCH = {
  id: 'getBatch',
  method: 'GET',
  path: '/api/batches/{id}',
  pathParameters: path,
  summary: 'How far a batch has got',
  description: 'Kept for RETENTION_DAYS after its end.',
  answer: { status: 200, types: JSON_TYPE, schema: batch, example: EXAMPLE },
  errors: ['not-found', 'storage-unavailable'],
} as const satisfies Operation;

export const CANCEL_BATCH = {
  id: 'cancelBatch',
  method: 'DELETE',
  path: '/api/batches/{id}',
  pathParameters: path,
  summary: 'End a batch early',
  description:
    'What has begun is broken off, at latest after some seconds; what is done stays. The record stays, too.',
  answer: {
    status: 202,
    types: JSON_TYPE,
    schema: batch,
    example: { ...EXAMPLE, status: 'cancelling' },
    description: 'It is about to end.',
  },
  otherAnswers: [
    { status: 200, types: JSON_TYPE, schema: batch, description: 'It has ended, now or before.' },
  ],
  errors: ['not-found', 'storage-unavailable'],
} as const satisfies Operation;
