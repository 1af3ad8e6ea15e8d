import type { Fact } from '../document.ts';
import { cutAtWord, isReadable, neutralText } from '../safe-text.ts';
import { withoutFiller } from '../words/filler.ts';
import type { Phrases } from './phrases.ts';

const LENGTH = 300;

/**
 * The prompt that an image was made from is what its document says; here it stands in for the subject where nobody looked
 * at the image. Its weights and LoRAs are of one program, so that they go; whole it is in the document's `recovered`.
 * @returns whether it is the subject now
 */
export function readRecovered(facts: readonly Fact[], phrases: Phrases): boolean {
  let used = false;
  facts.forEach(({ kind, text, source }, index) => {
    if (kind !== 'recovered') return;
    const words = withoutFiller(neutralText(unweighted(text))).text;
    const short = cutAtWord(words, LENGTH).replace(/[\s.,;:!?-]+$/, '');
    // What else is embedded is about the file: "AI system: … (unverified)".
    const isPrompt = source === 'embedded' && !text.endsWith('(unverified)') && isReadable(short);
    if (!isPrompt || phrases.has('subject')) {
      if (isReadable(text))
        phrases.drop(neutralText(text), 'says how the picture was made, not what it shows', [index]);
      return;
    }
    phrases.add('subject', short, [index]);
    used = true;
    const rest = words.slice(short.length).trim();
    if (rest !== '') phrases.drop(rest, 'the prompt it was made from is too long', [index]);
  });
  return used;
}

/** "(silver hair:1.2), [smile], <lora:film:1>" is about silver hair and a smile. */
function unweighted(prompt: string): string {
  return prompt
    .replace(/<[^<>]*>/g, ' ')
    .replace(/:\s*[\d.]+\s*(?=[)\]])/g, '')
    .replace(/[()[\]\\]/g, '')
    .replace(/\s--\w.*$/s, '')
    .replace(/(?:\s*,)+/g, ',');
}
