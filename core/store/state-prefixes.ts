/** Where in the container of state each kind of what does not last lies. */
export const STATE_PREFIXES = {
  /** By content: what was paid for. */
  analyses: 'analysis/',
  temporary: 'temp/',
  /** Of the API, by `Idempotency-Key`. */
  answers: 'idempotency/',
  batches: 'batches/',
  /** Of the paid calls of each day. */
  counters: 'counters/',
} as const;
