import { fitted, MAX_FACTS, MAX_LINKS, MAX_TEXTS, type Notification } from './notification.ts';

/** Slack's own limits: https://docs.slack.dev/reference/block-kit/blocks */
const MAX_HEADER = 150;
const MAX_SECTION = 3_000;
/** A field may have 2,000; nobody reads as much in half a column. */
const MAX_FIELD = 600;

const SIGNS = {
  good: ':white_check_mark:',
  warning: ':warning:',
  attention: ':rotating_light:',
  default: ':information_source:',
} as const;

/** The body of a request to an incoming webhook of Slack. */
export function slackMessage({ tone, title, facts, texts, links }: Notification) {
  return {
    text: `${SIGNS[tone]} ${fitted(title, MAX_HEADER, unstyled)}`,
    blocks: [
      {
        type: 'header',
        text: { type: 'plain_text', emoji: false, text: fitted(title, MAX_HEADER, escaped) },
      },
      ...(facts.length === 0 ? [] : [{ type: 'section', fields: facts.slice(0, MAX_FACTS).map(field) }]),
      ...texts
        .slice(0, MAX_TEXTS)
        .map(({ name, value }) => ({ type: 'section', text: mrkdwn(quoted(name, value)) })),
      ...(links.length === 0 ? [] : [{ type: 'section', text: mrkdwn(linked(links)) }]),
    ],
  };
}

/** Verbatim, so that Slack itself looks for no names and addresses. */
function mrkdwn(text: string) {
  return { type: 'mrkdwn', text, verbatim: true };
}

function field({ name, value }: Notification['facts'][number]) {
  return mrkdwn(`*${name}*\n${fitted(value, MAX_FIELD, unstyled)}`);
}

/** As it is, in a block that can be copied. */
function quoted(name: string, value: string): string {
  const [before, after] = [`*${name}*\n\`\`\``, '```'];
  const room = MAX_SECTION - before.length - after.length;
  return `${before}${fitted(value, room, (character) => (character === '`' ? "'" : escaped(character)))}${after}`;
}

function linked(links: Notification['links']): string {
  return links
    .slice(0, MAX_LINKS)
    .map(({ title, url }) => `<${url.replaceAll('&', '&amp;')}|${title}>`)
    .join('  ');
}

/** The three characters by which Slack knows links, channels and people: https://docs.slack.dev/messaging/formatting-message-text */
function escaped(character: string): string {
  if (character === '&') return '&amp;';
  if (character === '<') return '&lt;';
  return character === '>' ? '&gt;' : character;
}

/** A sign of style counts only at the edge of a word. */
function unstyled(character: string): string {
  return /[*_~`]/.test(character) ? `\u2060${character}\u2060` : escaped(character);
}
