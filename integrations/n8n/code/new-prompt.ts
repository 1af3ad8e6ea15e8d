import { links, type Notification, named, readable } from './notification.ts';

interface PromptCreated {
  readonly [field: string]: string | number | boolean | null;
}

export function newPrompt(event: PromptCreated): Notification {
  const { name, caption, altText, provider, format, width, height, degraded, origin } = event;
  return {
    tone: 'good',
    title: `New prompt: ${readable(name)}`,
    facts: named({
      Caption: caption,
      'Alt text': altText,
      Image: `${format}, ${width} × ${height}`,
      Provider: provider,
      Origin: origin,
      Note: degraded === true ? 'made without all that was asked of the provider' : null,
    }),
    texts: named({ Prompt: event.prompt, 'Negative prompt': event.negativePrompt }),
    links: links({ 'Prompt JSON': event.promptUrl, Image: event.url }),
  };
}
