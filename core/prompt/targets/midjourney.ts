import { chooseWithin, type Piece, SETTINGS_RANK } from './budget.ts';
import { phrasePieces } from './phrase-prompt.ts';
import { closingPieces, inOneLine, openingPieces } from './settings-pieces.ts';
import { type ComposeTarget, named, namedDropped, type Settings } from './target.ts';
import { estimateTokens } from './tokens.ts';

/** Midjourney states no limit and asks for short prompts. */
const ROOM = { tokens: Number.POSITIVE_INFINITY, words: 60 };

/**
 * Phrases, then parameters. There is no `--no` from us: what is not in the picture is unknown, and whether
 * the newest version knows the parameter is not documented.
 */
export const composeMidjourney: ComposeTarget = ({ scene: whole, measurements, settings }) => {
  const { words, parameters } = parted(settings);
  const ownAspect = parameters.some(({ text }) => /--(?:ar|aspect)\b/.test(text));
  const format = whole.of('format').slice(0, ownAspect ? 0 : 1);
  const scene = whole.limited({ detail: 5, lettering: 1, palette: 3, format: format.length, body: 1 });
  const { phrases, dropped } = chooseWithin(
    [...openingPieces(words), ...phrasePieces(scene), ...closingPieces(words)],
    ROOM,
  );
  const last = [
    ...parameters,
    ...format.map(({ evidence }) => ({ text: `--ar ${measurements.composition.aspect}`, evidence })),
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
