import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { BlobServiceClient } from '@azure/storage-blob';
import pLimit from 'p-limit';
import { promptName } from '../core/store/names.ts';
import { freePorts, startLocalMode } from '../tests/local-mode.ts';

export interface Drops {
  /** From starting the program to its first prompt on the terminal, in milliseconds. */
  readonly firstPrompt: number;
  /** From the end of an upload by the SDK to its prompt in the storage, in milliseconds, one image at a time. */
  readonly latencies: readonly number[];
  /** From the first of many uploads at once to the last prompt, in milliseconds. */
  readonly burst: number;
  /** The most memory the program ever had, in MiB; null where the system does not tell. */
  readonly peakMemory: number | null;
}

const WARM_UP = 3;
const POLL_MS = 5;

/** Runs local mode as a user does and drops images into it by the SDK. */
export async function timeDrops(
  photo: Uint8Array,
  counts: {
    /** Blobs that are there before and are no images. */
    readonly crowd: number;
    readonly single: number;
    readonly burst: number;
  },
): Promise<Drops> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-'));
  const started = performance.now();
  const local = startLocalMode(folder, await freePorts());
  try {
    await local.says(/^done /m);
    const firstPrompt = performance.now() - started;
    const [connectionString] = await local.says(/DefaultEndpointsProtocol=\S+/);
    await local.says(/(?:^done .*\n[^\n]*){4}/m);
    const container = BlobServiceClient.fromConnectionString(connectionString).getContainerClient('images');
    const drop = (name: string) =>
      container.getBlockBlobClient(name).upload(photo, photo.byteLength, {
        blobHTTPHeaders: { blobContentType: 'image/jpeg' },
      });
    const described = async (name: string) => {
      while (!(await container.getBlobClient(promptName(name)).exists())) await after(POLL_MS);
    };

    const inCrowd = Array.from({ length: counts.crowd }, (_, index) => `crowd/${index}.txt`);
    await pLimit(16).map(inCrowd, (name) => container.getBlockBlobClient(name).upload('words', 5));

    const latencies: number[] = [];
    for (let index = 0; index < WARM_UP + counts.single; index++) {
      await drop(`single/${index}.jpg`);
      const dropped = performance.now();
      await described(`single/${index}.jpg`);
      if (index >= WARM_UP) latencies.push(performance.now() - dropped);
    }

    const names = Array.from({ length: counts.burst }, (_, index) => `burst/${index % 9}/ü ${index}.jpg`);
    const start = performance.now();
    await Promise.all(names.map(drop));
    for (const name of names) await described(name);
    const burst = performance.now() - start;
    return { firstPrompt, latencies, burst, peakMemory: await peakMemory(local.pid) };
  } finally {
    local.kill('SIGTERM');
    await local.ended;
    await rm(folder, { recursive: true, force: true });
  }
}

async function peakMemory(pid: number): Promise<number | null> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const kibibytes = status.match(/^VmHWM:\s+(\d+) kB$/m)?.[1];
  return kibibytes === undefined ? null : Number(kibibytes) / 1024;
}
