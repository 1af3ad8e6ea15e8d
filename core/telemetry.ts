/**
 * The names of all that is measured. Alerts, workbooks and guides rely on them: what they ask for is emitted under these
 * names and no others. Instruments are in telemetry/; they use only the API of OpenTelemetry: where a host registers no SDK
 * (telemetry/start.ts), all of it costs next to nothing and goes nowhere.
 */

export const SCOPE = 'prompt-generator';

export const SPANS = {
  /** One image's event or request, from its message to its prompt. Around all others. */
  describe: 'image.describe',
  /** Reading its bytes from storage. */
  read: 'image.read',
  /** Judging and measuring the bytes. */
  inspect: 'image.inspect',
  /** From asking for its analysis until that is there, with every wait and call. */
  analyze: 'vision.analyze',
  /** Making the prompts of the facts. */
  compose: 'prompt.compose',
  /** Writing the prompt, or the error. */
  write: 'prompt.write',
} as const;

export const METRICS = {
  /** A counter by outcome (and code, where there is a problem): what became of each attempt at an image. */
  images: 'images.handled',
  /** A histogram, seconds: from an image's Last-Modified to the writing of its prompt. */
  dropToPrompt: 'images.drop_to_prompt',
  /** A gauge, seconds: the age of the oldest image without a prompt or an error; 0 where there is none. */
  oldestWithoutPrompt: 'images.oldest_without_prompt',
  /** A counter by outcome: what became of an image's event. */
  events: 'events.handled',
  /** A counter by reason: messages that are no event of an image, set aside. */
  malformed: 'events.malformed',
  /** A counter by provider and outcome: analyses that the service was asked for, however many requests each took. */
  visionCalls: 'vision.calls',
  /** A counter by provider and code: images put off to a later time. */
  visionDeferred: 'vision.deferred',
  /** A counter by provider: analyses that were there already, so that nothing was paid. */
  visionReused: 'vision.reused',
  /** A gauge by provider: 0 closed, 1 half-open, 2 open. */
  visionBreaker: 'vision.breaker',
  /** A gauge: analyses paid for in this UTC day. */
  visionCallsToday: 'vision.calls_today',
  /** A gauge, messages: the queue's approximate length. */
  queueLength: 'queue.length',
  /** A gauge, messages: the poison queue's approximate length. */
  poisonLength: 'queue.poison_length',
  /** A counter by status and audit: runs of housekeeping that ended. An alert watches for the absence of whole audits. */
  heartbeat: 'housekeeping.heartbeat',
  /** A counter by outcome: prompts and errors mirrored to the feed. */
  feed: 'feed.written',
  /** A counter by outcome: what was told to the webhook. */
  webhook: 'webhook.sent',
} as const;

export const ATTRIBUTES = {
  provider: 'vision.provider',
  /** `ok`, the code of an error, or `aborted` where nobody waited any more. */
  visionOutcome: 'vision.outcome',
  /** Analyses that were asked for this image, however many requests each took. */
  attempts: 'vision.attempts',
  eventOutcome: 'event.outcome',
  malformedReason: 'event.reason',
  imageOutcome: 'image.outcome',
  /** Of core/errors.ts. */
  problemCode: 'problem.code',
  runStatus: 'housekeeping.status',
  /** `whole`, `part` or `none`: how much of the container the run's audit saw. */
  audit: 'housekeeping.audit',
  feedOutcome: 'feed.outcome',
  webhookOutcome: 'webhook.outcome',
  /** Of a request to the API: the id that its answer and its log lines have. */
  requestId: 'request.id',
  /** Of a request, as OpenTelemetry names them (https://opentelemetry.io/docs/specs/semconv/http/http-spans/). */
  requestMethod: 'http.request.method',
  route: 'http.route',
  responseStatus: 'http.response.status_code',
} as const;
