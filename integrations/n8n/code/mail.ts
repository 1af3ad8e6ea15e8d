import { fitted, type Notification } from './notification.ts';

const MAX_SUBJECT = 150;

/** Plain text: nothing in it can be markup. */
export function mail({ title, facts, texts, links }: Notification) {
  const parts = [
    [title],
    facts.map(({ name, value }) => `${name}: ${value}`),
    ...texts.map(({ name, value }) => [`${name}:`, value]),
    links.map(({ title: label, url }) => `${label}: ${url}`),
  ];
  return {
    subject: fitted(title, MAX_SUBJECT),
    text: parts
      .filter((lines) => lines.length > 0)
      .map((lines) => lines.join('\n'))
      .join('\n\n'),
  };
}
