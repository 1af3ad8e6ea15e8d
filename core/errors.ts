/**
 * Every error this program tells anyone about, in one table.
 *
 * `title` is public: it names no host, path, address or stack. `status` is the HTTP status of an RFC 9457
 * problem document. `report` marks what an operator should hear of; what input alone can cause is never reported.
 */

interface ProblemKind {
  readonly status: number;
  readonly title: string;
  readonly report?: true;
}

/** Of two kinds: the text must not tell a host that is hidden from one that is not there. */
const SOURCE_OUT_OF_REACH = 'The source of the image is not allowed, or does not answer.';

/** Permanent: trying again with the same input gives the same answer. */
export const REFUSALS = {
  'empty-body': { status: 400, title: 'The request has no body.' },
  'invalid-request': { status: 400, title: 'The request is not valid.' },
  'invalid-json': { status: 400, title: 'The body is not valid JSON.' },
  'invalid-name': { status: 400, title: 'This name cannot be used for an image.' },
  'invalid-url': { status: 400, title: 'This is no address that an image can be fetched from.' },
  'name-encoding': { status: 400, title: 'Write the slashes of a name plainly, not as %2F.' },
  unauthorized: { status: 401, title: 'A valid API key is needed.' },
  'origin-not-allowed': { status: 403, title: 'Requests from this origin are not allowed.' },
  'source-not-allowed': { status: 403, title: SOURCE_OUT_OF_REACH },
  'not-found': { status: 404, title: 'There is nothing here.' },
  'no-catalog': { status: 404, title: 'There is no catalog yet: housekeeping writes it.' },
  'method-not-allowed': { status: 405, title: 'This method is not allowed here.' },
  'not-acceptable': { status: 406, title: 'There is no answer of a type that is accepted.' },
  'name-taken': { status: 409, title: 'Another image already has this name.' },
  'not-failed': { status: 409, title: 'This image has not failed.' },
  'precondition-failed': { status: 412, title: 'The stored version is another one.' },
  'body-too-large': { status: 413, title: 'The body has too many bytes.' },
  'image-too-large': { status: 413, title: 'The image has too many bytes.' },
  'unsupported-image': { status: 415, title: 'This is not an image format that can be described.' },
  'unsupported-media-type': { status: 415, title: 'This content type or encoding is not supported.' },
  'empty-image': { status: 422, title: 'The image is empty.' },
  'idempotency-mismatch': { status: 422, title: 'This Idempotency-Key was used for another request.' },
  'image-truncated': { status: 422, title: 'The image ends too early.' },
  'image-corrupt': { status: 422, title: 'The image is damaged and cannot be decoded.' },
  'image-too-many-pixels': { status: 422, title: 'The image has too many pixels.' },
  'image-too-small': { status: 422, title: 'The image is too small.' },
  'image-aspect-ratio': { status: 422, title: 'The image is too long and narrow.' },
  'blob-archived': { status: 422, title: 'The image is in the archive tier and cannot be read.' },
  'source-error': { status: 422, title: 'The source does not give this image.' },
  'source-incomplete': { status: 422, title: 'The image did not come from its source as a whole.' },
  'prompt-not-composable': { status: 422, title: 'Other prompts cannot be composed from this document.' },
  'qr-text-too-long': { status: 422, title: 'The text is too long for a QR code.' },
  'vision-rejected': { status: 422, title: 'The vision service does not accept this image.' },
  'content-filtered': { status: 422, title: 'The vision service declines to describe this image.' },
  'precondition-required': { status: 428, title: 'Say with If-Match which version is to be replaced.' },
  'headers-too-large': { status: 431, title: 'The headers of the request are too large.' },
  'uploads-not-supported': { status: 501, title: 'This storage connection cannot sign uploads.' },
} as const satisfies Record<string, ProblemKind>;

/** Retryable: the same input may succeed later. */
const FAILURES = {
  'body-timeout': { status: 408, title: 'The body did not come in time.' },
  'idempotency-in-progress': {
    status: 409,
    title: 'The first request with this Idempotency-Key still runs.',
  },
  busy: { status: 429, title: 'Too many images are being worked on.' },
  'rate-limited': { status: 429, title: 'Too many requests in a short time.' },
  'qr-busy': { status: 429, title: 'Too many QR codes are being rendered.' },
  internal: { status: 500, title: 'Something went wrong.', report: true },
  'source-unreachable': { status: 502, title: SOURCE_OUT_OF_REACH },
  'source-unavailable': { status: 502, title: 'The source of the image does not work at the moment.' },
  'vision-unavailable': { status: 502, title: 'The vision service does not answer.', report: true },
  'vision-bad-response': { status: 502, title: 'The vision service gave an unusable answer.', report: true },
  'auth-not-configured': { status: 503, title: 'No API keys are configured.', report: true },
  'secrets-unavailable': { status: 503, title: 'The key vault does not give a secret.', report: true },
  'qr-unavailable': { status: 503, title: 'The QR code could not be rendered.', report: true },
  'storage-unavailable': { status: 503, title: 'The storage does not answer.', report: true },
  'uploads-unavailable': { status: 503, title: 'Storage gives no key to sign uploads with.', report: true },
  'vision-auth': { status: 503, title: 'The vision service refuses our credentials.', report: true },
  'vision-throttled': { status: 503, title: 'The vision service asks for fewer calls.', report: true },
  'source-timeout': { status: 504, title: 'The source of the image took too long.' },
  'vision-timeout': { status: 504, title: 'The vision service took too long.', report: true },
} as const satisfies Record<string, ProblemKind>;

/** Nothing went wrong: it is not the time yet, and it is known when it will be. */
const DEFERRALS = {
  paused: { status: 503, title: 'Describing is paused.' },
  'image-claimed': { status: 503, title: 'This image is just being described.' },
  'image-changing': { status: 503, title: 'This image keeps changing.' },
  'image-copying': { status: 503, title: 'This image is still being copied.' },
  'vision-throttled': FAILURES['vision-throttled'],
  'vision-busy': { status: 503, title: 'Too many images are waiting to be described.' },
  'vision-limit-spent': {
    status: 503,
    title: "The day's calls of the vision service are used up.",
    report: true,
  },
  'vision-circuit-open': {
    status: 503,
    title: 'The vision service does not answer at the moment.',
    report: true,
  },
} as const satisfies Record<string, ProblemKind>;

/** All of them, by their codes. */
export const PROBLEMS: Readonly<Record<ProblemCode, ProblemKind>> = {
  ...REFUSALS,
  ...FAILURES,
  ...DEFERRALS,
};

export type RefusalCode = keyof typeof REFUSALS;
export type FailureCode = keyof typeof FAILURES;
export type DeferralCode = keyof typeof DEFERRALS;
export type ProblemCode = RefusalCode | FailureCode | DeferralCode;

export function isProblemCode(text: string): text is ProblemCode {
  return Object.hasOwn(PROBLEMS, text);
}

/** One of several things that are wrong with a request, and where. */
export interface Fault {
  readonly detail: string;
  /** Of the query. */
  readonly parameter?: string;
  /** Into a JSON body: `#` and the path of RFC 6901. */
  readonly pointer?: string;
}

/** What a problem may say beside its code. `detail` is public; the `cause` goes to the log only. */
export interface ProblemOptions extends ErrorOptions {
  readonly detail?: string;
  readonly faults?: readonly Fault[];
  /** Headers the HTTP answer must carry, such as Allow or Retry-After. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Any error of the table: what is none of these is a fault of this program. */
export abstract class ProblemError extends Error {
  abstract readonly code: ProblemCode;
  readonly detail: string | undefined;
  readonly faults: readonly Fault[];
  readonly headers: Readonly<Record<string, string>>;

  constructor(code: ProblemCode, options: ProblemOptions = {}) {
    super(options.detail ? `${code}: ${options.detail}` : code, options);
    this.detail = options.detail;
    this.faults = options.faults ?? [];
    this.headers = options.headers ?? {};
  }

  get kind(): ProblemKind {
    return PROBLEMS[this.code];
  }
}

/** The input is the reason; it is not tried again. */
export class RefusedError extends ProblemError {
  override readonly name = 'RefusedError';
  readonly code: RefusalCode;

  constructor(code: RefusalCode, options?: ProblemOptions) {
    super(code, options);
    this.code = code;
  }
}

interface FailureOptions extends ProblemOptions {
  /** When a service wants to be asked again, in its own words. */
  readonly retryAfter?: string | undefined;
}

/** The input is not the reason; it may be tried again. */
export class FailedError extends ProblemError {
  override readonly name = 'FailedError';
  readonly code: FailureCode;
  /** As received, so it may be anything: a Retry-After header, or a message that says how long to wait. */
  readonly retryAfter: string | undefined;

  constructor(code: FailureCode, options: FailureOptions = {}) {
    super(code, options);
    this.code = code;
    this.retryAfter = options.retryAfter;
  }

  /** The same failure, with headers for the HTTP answer. */
  with(headers: Readonly<Record<string, string>>): FailedError {
    const detail = this.detail === undefined ? {} : { detail: this.detail };
    return new FailedError(this.code, { ...detail, headers: { ...this.headers, ...headers }, cause: this });
  }
}

/** It was not tried, or not to the end: at `until` it may be. That counts as no try. */
export class DeferredError extends ProblemError {
  override readonly name = 'DeferredError';
  readonly code: DeferralCode;
  readonly until: Date;

  constructor(code: DeferralCode, until: Date, options?: ErrorOptions) {
    super(code, options);
    this.code = code;
    this.until = until;
  }
}
