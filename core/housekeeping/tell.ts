import type { Log } from '../log.ts';
import type { FolderReport } from './folders/folder-metadata.ts';
import type { RunReport } from './report.ts';

const SAID = {
  done: 'housekeeping is done',
  stopped: 'housekeeping stopped, and goes on from there the next time',
  busy: 'housekeeping is being done already',
} as const;

/** Tells in the log what a run did, and warns of what it could not do. */
export function tell({ unusable, kept, unmirrored, ...report }: RunReport, log: Log): void {
  if (report.unusableNames > 0) {
    log.warn({ count: report.unusableNames, some: unusable }, 'images whose names cannot be used');
  }
  if (report.notRemoved > 0) {
    log.warn({ count: report.notRemoved, some: kept }, 'blobs that cannot be removed');
  }
  if (report.feedFailed > 0) {
    log.warn({ count: report.feedFailed, some: unmirrored }, 'prompts that cannot be mirrored to the feed');
  }
  if (report.skippedRanges > 0) {
    log.warn(
      { count: report.skippedRanges },
      'storage does not list all names: rename blobs with control characters',
    );
  }
  log.info(report, SAID[report.status]);
}

/** The same of what was written into folders. */
export function tellFolders({ failedFolders, ...report }: FolderReport, log: Log): void {
  if (report.foldersFailed > 0) {
    log.warn(
      { count: report.foldersFailed, some: failedFolders },
      'folders whose metadata.jsonl cannot be kept',
    );
  }
  log.info(report, 'the metadata.jsonl of the folders is kept');
}
