import { createHash } from 'node:crypto';
import pLimit from 'p-limit';
import type { Clock } from '../../clock.ts';
import { RefusedError } from '../../errors.ts';
import type { CaptionSettings } from '../../prompt/sidecars.ts';
import type { Blobs } from '../../store/blobs.ts';
import { metadataName } from '../../store/names.ts';
import { isOurs, MAX_DOCUMENT_BYTES, oursOf } from '../../store/prompts.ts';
import { Lister } from '../../store/unlistable.ts';
import { Tolerance } from '../tolerance.ts';
import { type Folder, type FolderPrompt, listFolders } from './folders.ts';
import { captionOf, formatLines, type MetadataLine, parseLines } from './metadata-lines.ts';

export interface FolderOptions {
  readonly blobs: Blobs;
  /** Only folders whose names begin with this. */
  readonly prefix: string;
  readonly captions: CaptionSettings;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** What became of the `metadata.jsonl` of all folders. */
export interface FolderReport {
  /** Folders that have prompts, or a `metadata.jsonl`. */
  readonly folders: number;
  readonly foldersWritten: number;
  /** No prompt was left in them. */
  readonly foldersCleared: number;
  /** Their `metadata.jsonl` is not ours. */
  readonly foldersForeign: number;
  /** It could not be read or written: it is leased, say. */
  readonly foldersFailed: number;
  /** Some of those. */
  readonly failedFolders: readonly string[];
}

type FolderCount = Exclude<keyof FolderReport, 'failedFolders'>;

/** A log line with every name there is would help nobody. */
const MAX_NAMES = 10;

/** Many times more than 100,000 lines take. A larger one is made anew whenever something changes. */
const MAX_BYTES = 256 * 1024 * 1024;

const READS_AT_ONCE = 16;

/**
 * Keeps a `metadata.jsonl` in each folder that has prompts, never over a blob that is not ours. A folder whose prompts
 * are those of the last time costs nothing but its share of the listing; of others only the prompts that are new are
 * read. It needs no lease, since everything is written on a condition. A folder that fails holds up no other.
 * @returns what was done until the end, or until the signal aborted; the next run goes on from there
 * @throws FailedError when storage fails again and again
 */
export async function writeFolderMetadata(options: FolderOptions): Promise<FolderReport> {
  const { blobs, prefix, clock, signal } = options;
  const counts = { folders: 0, foldersWritten: 0, foldersCleared: 0, foldersForeign: 0, foldersFailed: 0 };
  const failedFolders: string[] = [];
  const tolerance = new Tolerance();
  try {
    for await (const folder of listFolders(new Lister(blobs, clock), { prefix, signal })) {
      if (signal.aborted) break;
      counts.folders++;
      const done = await tolerance.bear(
        () => keepFolder(folder, options),
        () => {
          if (signal.aborted) return;
          counts.foldersFailed++;
          if (failedFolders.length < MAX_NAMES) failedFolders.push(folder.path);
        },
      );
      if (done !== null) counts[done]++;
    }
  } catch (error) {
    // A page that is called off fails, too.
    if (!signal.aborted) throw error;
  }
  return { ...counts, failedFolders };
}

async function keepFolder(folder: Folder, options: FolderOptions): Promise<FolderCount | null> {
  const { blobs, signal } = options;
  const { metadata, prompts } = folder;
  const name = metadataName(folder.path);
  if (metadata && !isOurs(metadata)) return 'foldersForeign';
  const sources = digestOf(prompts);
  if (metadata?.metadata.sources === sources) return null;
  const known = metadata && (await blobs.read(name, { maxBytes: MAX_BYTES, signal }));
  const lines = await linesOf(prompts, parseLines(known?.bytes ?? null), options);
  if (lines.length === 0) {
    if (signal.aborted) return null;
    return metadata && (await blobs.remove(name, { etag: metadata.etag })) ? 'foldersCleared' : null;
  }
  const bytes = formatLines(lines);
  const ours = oursOf(bytes);
  const written = await blobs.write(name, bytes, {
    contentType: 'application/jsonl',
    // Without the mark of all its prompts the next run goes on where this one was called off.
    metadata: signal.aborted ? { ours } : { ours, sources },
    condition: metadata ? { etag: metadata.etag } : 'new',
  });
  return written === 'conflict' ? null : 'foldersWritten';
}

/** Of prompts that cannot be read any more before the signal aborts, what was known stays. */
async function linesOf(
  prompts: readonly FolderPrompt[],
  known: ReadonlyMap<string, MetadataLine>,
  { blobs, captions, signal }: FolderOptions,
): Promise<MetadataLine[]> {
  const reading = pLimit(READS_AT_ONCE);
  const lineOf = async ({ file, name, etag }: FolderPrompt) => {
    const before = known.get(file) ?? null;
    if (before?.etag === etag || signal.aborted) return before;
    const prompt = await blobs.read(name, { maxBytes: MAX_DOCUMENT_BYTES }).catch(unreadable);
    const text = prompt && captionOf(prompt, captions);
    return prompt && text ? { file_name: file, text, etag: prompt.etag } : null;
  };
  try {
    const lines = await reading.map(prompts, lineOf);
    return lines.filter((line) => line !== null);
  } finally {
    // Where one read failed, those that wait are not begun.
    reading.clearQueue();
  }
}

/** Archived, say. */
function unreadable(error: unknown): null {
  if (error instanceof RefusedError) return null;
  throw error;
}

/** Tells from a listing whether a folder has other prompts than it had. */
function digestOf(prompts: readonly FolderPrompt[]): string {
  const hash = createHash('sha256');
  for (const { file, etag } of prompts) hash.update(JSON.stringify([file, etag]));
  return hash.digest('hex').slice(0, 32);
}
