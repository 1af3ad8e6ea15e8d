/** The longest wait, in milliseconds, that is believed: more is a mistake, or a quota worth asking about every hour. */
const MAX_WAIT_MS = 3_600_000;

/** The one form of a date that RFC 9110 lets a server send today; `Date.parse` alone finds dates in almost anything. */
const HTTP_DATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/**
 * How long a service wants to be left alone.
 * @param said a Retry-After (seconds or an HTTP date, RFC 9110 section 10.2.3; OpenAI's are fractional), or the message
 * of a service that says it in words ("Please retry after 1 second.")
 * @param now milliseconds since the epoch
 * @returns milliseconds, an hour at most; null where it says nothing usable: a wait of zero, too, would only ask again
 */
export function parseRetryAfter(said: string | undefined, now: number): number | null {
  const wait = waitOf(said?.trim() ?? '', now);
  // Written so that it also stops what is not a number.
  return wait > 0 ? Math.min(wait, MAX_WAIT_MS) : null;
}

function waitOf(said: string, now: number): number {
  if (/^\d+(\.\d+)?(e\d+)?$/i.test(said)) return Number(said) * 1_000;
  if (HTTP_DATE.test(said)) return Date.parse(said) - now;
  const seconds = /\bretry after (\d{1,9}) (milli)?second/i.exec(said);
  if (!seconds) return Number.NaN;
  return Number(seconds[1]) * (seconds[2] ? 1 : 1_000);
}
