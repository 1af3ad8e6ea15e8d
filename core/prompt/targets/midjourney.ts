import { chooseWithin, type Piece, SETTINGS_RANK } from '../forms/budget.ts';
import { phrasePieces, topics } from '../forms/phrase-prompt.ts';
import { named, namedDropped } from '../forms/phrasing.ts';
import { closingPieces, inOneLine, openingPieces, type Settings } from '../forms/settings-pieces.ts';
import { estimateTokens } from '../forms/tokens.ts';
import type { Phrase } from '../scene/phrases.ts';
import type { Scene } from '../scene/scene.ts';
import { MONOCHROME } from '../vocabulary.ts';
import { MIDJOURNEY } from './midjourney-versions.ts';
import type { ComposeTarget } from './target.ts';

/** Midjourney states no limit and asks for short prompts. */
const ROOM = { tokens: Number.POSITIVE_INFINITY, words: 60 };

/** Larger ratios are refused or rounded; a measured one is smaller, unless a person edited the document. */
const MOST = 50;

/** Phrases, then parameters, which are read at the end only. */
export const composeMidjourney: ComposeTarget = ({ scene: whole, measurements, settings }) => {
  const { words, parameters } = parted(settings);
  const ratio = measurements.composition.aspect;
  const ownAspect = parameters.some(({ text }) => /--(?:ar|aspect)\b/.test(text));
  const usable = !ownAspect && ratio.split(':').every((side) => Number(side) <= MOST);
  const format = whole.of('format').slice(0, usable ? 1 : 0);
  const scene = whole.limited({
    detail: 5,
    topic: topics(whole),
    lettering: 1,
    palette: 3,
    format: format.length,
    body: 1,
  });
  const { phrases, dropped } = chooseWithin(
    [...openingPieces(words), ...phrasePieces(scene), ...closingPieces(words)],
    ROOM,
  );
  const last = [
    ...parameters,
    ...format.map(({ evidence }) => ({ text: `--ar ${ratio}`, evidence })),
    ...exclusions(scene, parameters, settings),
  ];
  const prompt = [inOneLine(phrases, ', '), ...last.map(({ text }) => text)].join(' ').trim();
  return {
    prompt,
    negativePrompt: null,
    tokens: { used: estimateTokens(prompt), limit: null, estimated: true },
    phrases: named([...phrases, ...last]),
    dropped: namedDropped([...dropped, ...scene.dropped]),
  };
};

/** Only what is proved not to be there: an image without colour, in versions that know the parameter. */
function exclusions(scene: Scene, own: readonly Phrase[], { midjourneyVersion }: Settings): Phrase[] {
  const { no } = MIDJOURNEY[midjourneyVersion];
  const measured = scene.of('light').filter(({ text }) => text === MONOCHROME);
  if (!no || measured.length === 0 || own.some(({ text }) => /--no\b/.test(text))) return [];
  return [{ text: '--no color', evidence: scene.monochrome }];
}

/** A person's prefix and suffix may hold parameters ("--s 250"), which Midjourney reads at the end only. */
function parted(settings: Settings): { words: Settings; parameters: Piece[] } {
  const texts = [settings.prefix, settings.suffix].map((text) => {
    const at = text.search(/(?:^|\s)--\w/);
    return at < 0
      ? { words: text, parameters: '' }
      : { words: text.slice(0, at).trim(), parameters: text.slice(at).trim() };
  });
  const [prefix = '', suffix = ''] = texts.map(({ words }) => words);
  return {
    words: { ...settings, prefix, suffix },
    parameters: texts
      .filter(({ parameters }) => parameters !== '')
      .map(({ parameters }) => ({ text: parameters, evidence: [], rank: SETTINGS_RANK })),
  };
}
