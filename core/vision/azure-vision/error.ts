import * as z from 'zod';
import { FailedError, RefusedError } from '../../errors.ts';
import type { Answer } from './client.ts';

const errorBody = z.object({
  error: z.object({
    code: z.string(),
    message: z.string().catch(''),
    innererror: z.object({ code: z.string() }).optional().catch(undefined),
  }),
});

/** A status, or words in one piece. Anything else is not the service speaking, and may be the key that was not liked. */
const CODE = /^(?:\d{3}|[a-z_]{1,64})$/i;

interface Complaint {
  /** The innermost code: "InvalidImageSize" says more than the "InvalidRequest" around it. Empty where there is none. */
  readonly code: string;
  readonly message: string;
}

/** Outside a few regions the service has no captions; only the text of its answer tells. */
export function isNotInRegion(answer: Answer): boolean {
  return answer.status === 400 && /not supported in this region/i.test(complaint(answer).message);
}

/**
 * What an error answer means for the image: refused when it is the image's or the request's fault, failed when the
 * service, the settings or the credentials are. `vision-throttled` carries what the service says of when to come back;
 * where it sends no Retry-After, its message may say "retry after 5 seconds".
 */
export function problemOfAnswer(answer: Answer): RefusedError | FailedError {
  const { code, message } = complaint(answer);
  // A gateway in between may repeat the key it did not like, and a cause is logged.
  const isAboutKey = answer.status === 401 || answer.status === 403;
  const said = isAboutKey ? '' : `: ${message.slice(0, 500)}`;
  const cause = new Error(`Image Analysis answered ${[answer.status, code].join(' ').trim()}${said}`);
  const detail = code === '' ? {} : { detail: `The service says ${code}.` };
  switch (answer.status) {
    case 401:
    case 403:
      return new FailedError('vision-auth', { cause });
    case 429:
      return new FailedError('vision-throttled', { cause, retryAfter: answer.retryAfter ?? message });
    case 400:
    case 413:
    case 415:
    case 422:
      // The code that a content filter has all over Azure AI, where one stands before this service, too.
      if (/content_?filter|ResponsibleAI/i.test(code)) return new RefusedError('content-filtered', { cause });
      // These two are about what was asked, not about the picture: the caller chose the language, the operator the features.
      if (code === 'NotSupportedLanguage') return new RefusedError('invalid-request', { cause, ...detail });
      if (code === 'NotSupportedVisualFeature' || isNotInRegion(answer)) {
        return new FailedError('vision-unavailable', {
          cause,
          detail: 'It does not offer a feature it was asked for.',
        });
      }
      return new RefusedError('vision-rejected', { cause, ...detail });
    default:
      return new FailedError('vision-unavailable', {
        cause,
        detail: `It answered with status ${answer.status}.`,
        retryAfter: answer.retryAfter,
      });
  }
}

function complaint({ body }: Answer): Complaint {
  try {
    const { error } = errorBody.parse(JSON.parse(body));
    const code = error.innererror?.code ?? error.code;
    return { code: CODE.test(code) ? code : '', message: error.message };
  } catch {
    // A gateway in front of the service answers in its own shape; then the status alone speaks.
    return { code: '', message: body };
  }
}
