import { links, type Notification, named, readable } from './notification.ts';

interface PromptFailed {
  readonly [field: string]: string | number | boolean | null;
}

export function failedImage(event: PromptFailed): Notification {
  const { name, code, title, detail, retryable, attempts, nextTryAt } = event;
  const again = nextTryAt === null ? 'only when asked to' : nextTryAt;
  return {
    tone: retryable === true ? 'warning' : 'attention',
    title: `No prompt: ${readable(name)}`,
    facts: named({
      Error: code,
      Reason: title,
      Attempts: attempts,
      'Next try': retryable === true ? again : 'none: another image is needed',
    }),
    texts: named({ Detail: detail }),
    links: links({ 'Error JSON': event.errorUrl, Image: event.url }),
  };
}
