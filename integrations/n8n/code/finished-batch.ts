import { type Notification, named, readable } from './notification.ts';

interface BatchFinished {
  readonly [field: string]: string | number | boolean | null;
}

export function finishedBatch(event: BatchFinished): Notification {
  const { batchId, batchStatus, batchPrefix, container, code, title, detail, listed, described } = event;
  const { reused, unchanged, refused, failed, visionCalls } = event;
  const isFine = batchStatus === 'completed' && failed === 0 && refused === 0;
  return {
    tone: isFine ? 'good' : batchStatus === 'failed' ? 'attention' : 'warning',
    title: `Batch ${readable(batchStatus)}: ${readable(batchPrefix) || 'all'} of ${readable(container)}`,
    facts: named({
      Batch: batchId,
      Images: listed,
      Described: `${described}, ${reused} of them without a new call`,
      Unchanged: unchanged,
      Refused: refused,
      Failed: failed,
      'Calls of Vision': visionCalls,
      Error: code,
    }),
    texts: named({ Reason: title, Detail: detail }),
    links: [],
  };
}
