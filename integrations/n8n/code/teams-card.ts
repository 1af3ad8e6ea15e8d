import { fitted, MAX_FACTS, MAX_LINKS, MAX_TEXTS, type Named, type Notification } from './notification.ts';

/**
 * The title, the texts and the facts of a card of the largest size stay together below the 28 KB that Teams takes of a message, as
 * https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/add-incoming-webhook has it.
 */
const MAX_TITLE = 700;
const MAX_FACT = 600;
const MAX_TEXT = 7_000;

/**
 * The body of a request to the address that the Workflows app of Teams gives. Whatever comes from outside is in text runs,
 * which know no Markdown, so that nothing in it becomes a link, a mention or a style.
 */
export function teamsCard({ tone, title, facts, texts, links }: Notification) {
  const content = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.2',
    body: [
      paragraph([{ ...run(title, MAX_TITLE), size: 'large', weight: 'bolder', color: tone }]),
      ...facts.slice(0, MAX_FACTS).map((fact) => paragraph(labelled(fact, MAX_FACT))),
      ...texts.slice(0, MAX_TEXTS).map((text) => paragraph(labelled(text, MAX_TEXT))),
    ],
    actions: links
      .slice(0, MAX_LINKS)
      .map(({ title: label, url }) => ({ type: 'Action.OpenUrl', title: label, url })),
  };
  return {
    type: 'message',
    attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content }],
  };
}

function paragraph(inlines: readonly object[]) {
  return { type: 'RichTextBlock', inlines };
}

function labelled({ name, value }: Named, max: number) {
  return [{ type: 'TextRun', text: `${name}: `, weight: 'bolder' }, run(value, max)];
}

function run(text: string, max: number) {
  return { type: 'TextRun', text: fitted(text, max, undefined, escapedSize) };
}

/** Whoever passes the message on may write each character that is not of the plainest as \uXXXX. */
function escapedSize(text: string): number {
  return /^[\w .,;:!?()=/-]*$/.test(text) ? text.length : text.length * 6;
}
