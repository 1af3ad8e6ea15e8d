import type { Log } from '../log.ts';
import type { RunReport } from './report.ts';

const SAID = {
  done: 'housekeeping is done',
  stopped: 'housekeeping stopped, and goes on from there the next time',
  busy: 'housekeeping is being done already',
} as const;

/** Tells in the log what a run did, and warns of what it could not do. */
export function tell({ unusable, kept, ...report }: RunReport, log: Log): void {
  if (report.unusableNames > 0) {
    log.warn({ count: report.unusableNames, some: unusable }, 'images whose names cannot be used');
  }
  if (report.notRemoved > 0) {
    log.warn({ count: report.notRemoved, some: kept }, 'blobs that cannot be removed');
  }
  if (report.skippedRanges > 0) {
    log.warn(
      { count: report.skippedRanges },
      'storage does not list all names: rename blobs with control characters',
    );
  }
  log.info(report, SAID[report.status]);
}
