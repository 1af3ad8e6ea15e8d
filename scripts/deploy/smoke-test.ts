import type { Clock } from '../../core/clock.ts';
import type { Blobs } from '../../core/store/blobs.ts';
import { errorName, promptName } from '../../core/store/names.ts';

export interface SmokeTest {
  readonly blobs: Blobs;
  /** The image's name, which nothing else has. */
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly deadlineMs: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

export interface SmokeResult {
  readonly isDescribed: boolean;
  /** What happened, for a log. */
  readonly text: string;
}

const POLL_MS = 2_000;
const MAX_BYTES = 4 * 1024 * 1024;

/** @throws FailedError when storage fails */
export async function smokeTest(test: SmokeTest): Promise<SmokeResult> {
  const { blobs, name, bytes } = test;
  const written = await blobs.write(name, bytes, { contentType: 'image/png', condition: 'new' });
  if (written === 'conflict') return { isDescribed: false, text: `${name} is there already` };
  try {
    return await waitForAnswer(test);
  } finally {
    // The image first: whoever still works on it then takes its own answer away again.
    for (const left of [name, promptName(name), errorName(name)]) await blobs.remove(left);
  }
}

async function waitForAnswer({ blobs, name, deadlineMs, clock, signal }: SmokeTest): Promise<SmokeResult> {
  const began = clock.elapsed();
  for (;;) {
    const seconds = Math.round((clock.elapsed() - began) / 1_000);
    if (await blobs.head(promptName(name))) {
      return { isDescribed: true, text: `described after ${seconds} s: ${promptName(name)}` };
    }
    const error = await blobs.read(errorName(name), { maxBytes: MAX_BYTES });
    if (error) {
      const said = Buffer.from(error.bytes ?? []).toString();
      return { isDescribed: false, text: `refused after ${seconds} s: ${said}` };
    }
    if (clock.elapsed() - began >= deadlineMs) {
      return {
        isDescribed: false,
        text: `neither a prompt nor an error after ${seconds} s: is it being told of new images?`,
      };
    }
    await clock.sleep(POLL_MS, signal);
  }
}
