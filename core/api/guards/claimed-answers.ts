import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { Blobs, ReadBlob, WriteCondition } from '../../store/blobs.ts';

const keptAnswer = z.object({
  status: z.int(),
  headers: z.record(z.string(), z.string()),
  /** Base64. */
  body: z.string(),
});
export type KeptAnswer = z.infer<typeof keptAnswer>;

const record = z.object({
  /** Of the request that came first, in hex. */
  fingerprint: z.string(),
  /** Of who runs it: by this it knows its own writing again. */
  runner: z.string(),
  /** Null while that request runs. */
  answer: keptAnswer.nullable(),
});
type ClaimRecord = z.infer<typeof record>;

/** Base64 of the largest answer that is kept, and room for the rest. */
const MAX_RECORD_BYTES = 2 * 1024 * 1024;

const KEPT_MS = 24 * 60 * 60_000;

/** Longer than any host lets a request run: what has not ended by then never will. */
const RUNNING_MS = 5 * 60_000;

/** Each conflict means that another request got on. */
const MAX_CONFLICTS = 10;

export interface RunningClaim {
  readonly state: 'running';
  /** Milliseconds that it runs by now. */
  readonly sinceMs: number;
  /** Milliseconds after which nobody waits for it any more. */
  readonly leftMs: number;
}

/** `mine`: run the request, then `keep` its answer or `release` the key; both do nothing where another took it over. */
export type Claim =
  | {
      readonly state: 'mine';
      keep(answer: KeptAnswer): Promise<void>;
      release(): Promise<void>;
    }
  | { readonly state: 'answered'; readonly answer: KeptAnswer }
  | RunningClaim
  | { readonly state: 'other-request' };

/**
 * Claims a name for a request, by a blob that only one can create. Ages are told by the service's clock.
 * @param name of the blob, which belongs to one key of one caller
 * @param fingerprint of the request, the same for the same request
 * @throws FailedError `storage-unavailable`
 */
export async function claimAnswer(blobs: Blobs, name: string, fingerprint: string): Promise<Claim> {
  const running = { fingerprint, runner: randomUUID(), answer: null };
  let condition: WriteCondition = 'new';
  for (let conflicts = 0; conflicts < MAX_CONFLICTS; conflicts++) {
    const written = await write(blobs, name, running, condition);
    if (written !== 'conflict') return claimed(blobs, name, running, written.etag);
    const found = await blobs.read(name, { maxBytes: MAX_RECORD_BYTES });
    const known = found && parse(found);
    if (found === null) condition = 'new';
    // The answer to our own write was lost, and this is the answer to its repetition.
    else if (known?.runner === running.runner) return claimed(blobs, name, running, found.etag);
    else if (known === null || isOver(known, found)) condition = { etag: found.etag };
    else if (known.fingerprint !== fingerprint) return { state: 'other-request' };
    else return known.answer ? { state: 'answered', answer: known.answer } : runningSince(ageOf(found));
  }
  return runningSince(0);
}

function claimed(blobs: Blobs, name: string, running: ClaimRecord, etag: string): Claim {
  return {
    state: 'mine',
    async keep(answer) {
      await write(blobs, name, { ...running, answer }, { etag });
    },
    async release() {
      await blobs.remove(name, { etag });
    },
  };
}

function runningSince(sinceMs: number): RunningClaim {
  return { state: 'running', sinceMs, leftMs: RUNNING_MS - sinceMs };
}

function isOver({ answer }: ClaimRecord, found: ReadBlob): boolean {
  return ageOf(found) > (answer ? KEPT_MS : RUNNING_MS);
}

function ageOf({ servedAt, lastModified }: ReadBlob): number {
  return servedAt.getTime() - lastModified.getTime();
}

/** Null for what is none of ours, which is then written over. */
function parse({ bytes }: ReadBlob): ClaimRecord | null {
  try {
    return record.safeParse(JSON.parse(Buffer.from(bytes ?? []).toString())).data ?? null;
  } catch {
    return null;
  }
}

async function write(blobs: Blobs, name: string, content: ClaimRecord, condition: WriteCondition) {
  const bytes = Buffer.from(JSON.stringify(content));
  return blobs.write(name, bytes, { contentType: 'application/json', condition });
}
