import type { Phrases } from './phrases.ts';
import type { SceneFact } from './scene-fact.ts';

const LINE_LENGTH = 60;

/** Text in the image is quoted, and only what reads as a word or a number is worth quoting. */
export function readLettering(facts: readonly SceneFact[], phrases: Phrases): void {
  const told = phrases.of('subject').map(({ text }) => text);
  for (const { kind, text, index } of facts) {
    if (kind !== 'text') continue;
    const quoted = quote(text);
    const subject = told.find((one) => one.includes(quoted));
    if (!isLegible(text)) phrases.drop(text, 'not legible', [index]);
    else if (text.length > LINE_LENGTH) phrases.drop(text, 'too long to be drawn as lettering', [index]);
    else if (subject !== undefined) phrases.add('subject', subject, [index]);
    else phrases.add('lettering', quoted, [index]);
  }
  if (!phrases.has('lettering')) return;
  for (const { text } of phrases.of('detail')) {
    if (ABOUT_TEXT.test(text)) phrases.retract('detail', text, 'the lettering says it');
  }
}

/** "black text", "text on a white background" */
const ABOUT_TEXT =
  /^(?:an? |the )?(?:[\p{L}-]+ ){0,2}(?:text|lettering|letters|words|writing)(?: (?:on|in) .*)?$/iu;

/** A caption that reads a sign ("a sign that says open") quotes it as it is written: a sign that says "OPEN". */
export function quotedIn(sentence: string, lines: readonly SceneFact[]): string {
  const found = /^(.*\b(?:says|saying|reads|reading|with the words?|labell?ed|titled)) (\S.*)$/i.exec(
    sentence,
  );
  if (!found) return sentence;
  const [, before = '', after = ''] = found;
  const said = after.replace(/["“”„«»']/g, '').toLowerCase();
  const line = lines.find(
    ({ text }) => text.length <= LINE_LENGTH && isLegible(text) && said.startsWith(text.toLowerCase()),
  );
  if (!line) return sentence;
  const rest = said.slice(line.text.length);
  // The rest of a longer word is not what the line says.
  return /^(?:[\s.,]|$)/.test(rest)
    ? `${before} ${quote(line.text)}${after.slice(after.length - rest.length)}`
    : sentence;
}

function quote(text: string): string {
  return `"${text.replace(/["“”„«»]/g, "'")}"`;
}

/** One letter alone is more often a smudge. */
function isLegible(text: string): boolean {
  return /[\p{L}\p{N}].*[\p{L}\p{N}]/u.test(text);
}
