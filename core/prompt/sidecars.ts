import type { ComposeOptions } from './compose.ts';
import type { Fact, PromptDocument, Target } from './document.ts';
import { withTargets } from './with-targets.ts';

/** What is written beside an image for programs that do not read our JSON. */

export interface CaptionSettings extends Omit<ComposeOptions, 'targets'> {
  /** The target whose prompt is the caption. */
  readonly defaultTarget: Target;
}

/**
 * What trainers read: the prompt that is composed for the default target. A recovered original is not it, although it is
 * the document's `prompt`: a trainer needs what the image shows, not what made it, and no weights of another program.
 */
export function captionLine(document: PromptDocument, settings: CaptionSettings): string {
  return oneLine(composed(document, settings).prompt);
}

/** Well-formed text without line breaks, since a line is one caption. */
export function oneLine(text: string): string {
  return text.toWellFormed().replace(/\s+/g, ' ').trim();
}

/** As a document says it, or, where the default target is none of its own, as it would. */
function composed(document: PromptDocument, settings: CaptionSettings) {
  const { defaultTarget } = settings;
  return withTargets(document, [defaultTarget], settings).prompts[defaultTarget] ?? document;
}

/**
 * An XMP packet, as photo programs read it from `<name>.xmp`: description, keywords, alternative text, and the
 * composed prompt in a namespace of its own: the one that IPTC has is for the prompt that an image was made with, and has
 * the recovered original only.
 */
export function xmpPacket(document: PromptDocument, settings: CaptionSettings): string {
  const { caption, altText, recovered, facts } = document;
  const { prompt, negativePrompt } = composed(document, settings);
  const properties = [
    element('dc:description', inLanguages(caption?.text ?? altText)),
    element('dc:subject', bag(keywords(facts))),
    element('Iptc4xmpCore:AltTextAccessibility', inLanguages(altText)),
    element('Iptc4xmpExt:AIPromptInformation', recovered && escaped(recovered.prompt)),
    element('promptGenerator:prompt', escaped(prompt)),
    element('promptGenerator:negativePrompt', negativePrompt && escaped(negativePrompt)),
  ];
  return `${[
    '<?xpacket begin="\uFEFF" id="W5M0MpCehiHzreSzNTczkc9d"?>',
    '<x:xmpmeta xmlns:x="adobe:ns:meta/">',
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">',
    '<rdf:Description rdf:about=""',
    ' xmlns:dc="http://purl.org/dc/elements/1.1/"',
    ' xmlns:Iptc4xmpCore="http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/"',
    ' xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"',
    ' xmlns:promptGenerator="urn:prompt-generator:1:">',
    ...properties.filter((property) => property !== ''),
    '</rdf:Description>',
    '</rdf:RDF>',
    '</x:xmpmeta>',
    '<?xpacket end="w"?>',
  ].join('\n')}\n`;
}

/** Below this a tag is a guess, and a photo program would show it as fact. */
const MIN_CONFIDENCE = 0.5;

function keywords(facts: readonly Fact[]): string[] {
  const said = facts.filter(
    ({ kind, confidence }) => (kind === 'tag' || kind === 'object') && (confidence ?? 1) >= MIN_CONFIDENCE,
  );
  return [...new Set(said.map(({ text }) => text.toLowerCase()))];
}

function element(name: string, content: string | null): string {
  return content ? `<${name}>${content}</${name}>` : '';
}

function inLanguages(text: string): string {
  const content = escaped(text);
  return content === '' ? '' : `<rdf:Alt><rdf:li xml:lang="x-default">${content}</rdf:li></rdf:Alt>`;
}

function bag(items: readonly string[]): string {
  if (items.length === 0) return '';
  return `<rdf:Bag>${items.map((item) => `<rdf:li>${escaped(item)}</rdf:li>`).join('')}</rdf:Bag>`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  // A bare carriage return would be read as a line feed.
  '\r': '&#xD;',
};

/** A recovered prompt comes byte for byte out of a file: what XML cannot hold is left out. */
function escaped(text: string): string {
  return text
    .toWellFormed()
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '')
    .replace(/[&<>"\r]/g, (sign) => ENTITIES[sign] ?? sign);
}
