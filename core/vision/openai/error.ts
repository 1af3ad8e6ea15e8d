import { FailedError, RefusedError } from '../../errors.ts';
import type { Complaint } from './client.ts';

/** There is no code for this that servers agree on; all of them name what they do not know. */
export function isUnknownFormat({ status, message }: Complaint): boolean {
  return (
    (status === 400 || status === 422) &&
    /response_?format|json_?schema|json_?object|structured[ _]output|guided|grammar/i.test(message)
  );
}

const FILTERED = /content_filter|content_policy|ResponsibleAIPolicyViolation|moderation/i;

/** About the model or the request: another image would be answered the same. */
const NOT_OFFERED =
  /unsupported_(?:parameter|value)|unknown_parameter|invalid_model|context_length_exceeded/i;
/** In the words of OpenAI, llama.cpp, LM Studio, vLLM and Ollama. */
const NO_IMAGES =
  /image_url\b[^.]{0,40}support|image inputs?\b[^.]{0,40}support|not support (?:images?|vision)|multimodal|at most 0 image|required for image input|mmproj/i;

const MISSING_MODEL = /model|deployment/i;

/**
 * What an error answer means for the image: refused when it is the image's fault, failed when the service, the settings or
 * the credentials are. The public detail has the service's code at most, never its message, which may name addresses.
 */
export function problemOfComplaint(complaint: Complaint): RefusedError | FailedError {
  const { status, codes, message, retryAfter } = complaint;
  const cause = complaint;
  switch (status) {
    case 401:
    case 403:
      // Its words are left out: a gateway may repeat the key it did not like, and a cause is logged.
      return new FailedError('vision-auth', { cause: new Error(`The model server answered ${status}.`) });
    case 404:
      return new FailedError('vision-unavailable', {
        cause,
        detail: MISSING_MODEL.test(`${codes} ${message}`)
          ? 'It does not have the model it was asked for.'
          : 'There is nothing at the address it was asked at.',
      });
    case 429:
      return new FailedError('vision-throttled', { cause, retryAfter: retryAfter ?? message });
    case 400:
    case 413:
    case 415:
    case 422:
      return problemOfRequest(complaint);
    default:
      return new FailedError('vision-unavailable', {
        cause,
        detail: `It answered with status ${status}.`,
        retryAfter,
      });
  }
}

function problemOfRequest(complaint: Complaint): RefusedError | FailedError {
  const { codes, message } = complaint;
  const cause = complaint;
  if (FILTERED.test(codes)) return new RefusedError('content-filtered', { cause });
  if (/model_not_found/i.test(codes)) {
    return new FailedError('vision-unavailable', {
      cause,
      detail: 'It does not have the model it was asked for.',
    });
  }
  if (NOT_OFFERED.test(codes) || NO_IMAGES.test(message)) {
    return new FailedError('vision-unavailable', {
      cause,
      detail: 'Its model cannot do what it was asked for.',
    });
  }
  // Codes are made of letters and digits; anything else is not the service speaking.
  const [code = ''] = codes.split(' ');
  return new RefusedError('vision-rejected', {
    cause,
    ...(/^\w{1,64}$/.test(code) && { detail: `The service says ${code}.` }),
  });
}
