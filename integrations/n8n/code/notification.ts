/** What people are told, whatever it is about: made by the nodes of each kind, written out by the nodes of each channel. */
export interface Notification {
  readonly tone: 'good' | 'warning' | 'attention' | 'default';
  /** One line. */
  readonly title: string;
  readonly facts: readonly Named[];
  /** What may be long. */
  readonly texts: readonly Named[];
  readonly links: readonly Link[];
}

export interface Named {
  readonly name: string;
  readonly value: string;
}

interface Link {
  readonly title: string;
  readonly url: string;
}

export const MAX_FACTS = 8;
export const MAX_TEXTS = 2;
export const MAX_LINKS = 3;

/** Longer ones are refused by some channel, and no address of ours is longer by itself. */
const MAX_URL = 1_000;

/** The facts that are known. */
export function named(facts: Readonly<Record<string, unknown>>): Named[] {
  return Object.entries(facts).flatMap(([name, value]) => {
    const text = readable(value);
    return text === '' ? [] : [{ name, value: text }];
  });
}

/**
 * One line of what others wrote, such as the name of a file or the words on a sign. Channels make links of whatever looks like an
 * address, so that it must not look like one: invisible joiners part it.
 */
export function readable(value: unknown): string {
  if (value === null || value === undefined) return '';
  return (
    String(value)
      .toWellFormed()
      // Controls, and what turns the direction of writing: a name would pretend to be another.
      .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
      .replace(/[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g, '')
      .replace(/:(?=\/\/)/g, ':\u2060')
      .replace(/\.(?=\p{L})/gu, '.\u2060')
      .replace(/@(?=\S)/g, '@\u2060')
      .trim()
  );
}

/** Nothing but addresses of the web: what stands in a message is clicked. */
export function links(candidates: Readonly<Record<string, unknown>>): Link[] {
  return Object.entries(candidates).flatMap(([title, url]) =>
    typeof url === 'string' && url.length <= MAX_URL && /^https?:\/\/[^\s<>"|\\]+$/.test(url)
      ? [{ title, url }]
      : [],
  );
}

/**
 * The longest beginning that fits, with an ellipsis where something is left out.
 * @param render of one character, as the channel wants it
 * @param size of what was rendered
 */
export function fitted(
  text: string,
  max: number,
  render: (character: string) => string = (character) => character,
  size: (rendered: string) => number = (rendered) => rendered.length,
): string {
  const whole = [...text].map(render);
  const left = max - size('…');
  let used = 0;
  let end = 0;
  // Where all of it fits, nothing is kept free for the ellipsis.
  let cut = 0;
  for (const character of whole) {
    used += size(character);
    if (used > max) return `${whole.slice(0, cut).join('')}…`;
    end++;
    if (used <= left) cut = end;
  }
  return whole.join('');
}
