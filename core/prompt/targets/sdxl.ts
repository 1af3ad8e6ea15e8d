import type { Scene } from '../scene/scene.ts';
import { SOFT_FOCUS } from '../vocabulary.ts';
import { chooseWithin, type Piece } from './budget.ts';
import { phrasePieces } from './phrase-prompt.ts';
import { closingPieces, inOneLine, openingPieces } from './settings-pieces.ts';
import { type ComposeTarget, named, namedDropped } from './target.ts';
import { estimateTokens } from './tokens.ts';

/** CLIP reads 77 tokens, of which it takes two itself; a tenth stays free because the count is an estimate. */
const LIMIT = 75;
const ROOM = { tokens: 67, words: Number.POSITIVE_INFINITY };

export const composeSdxl: ComposeTarget = ({ scene: whole, settings }) => {
  const scene = whole.limited({ detail: 10, lettering: 2, palette: 4, format: 0, body: 0 });
  const pieces = [
    ...openingPieces(settings),
    ...phrasePieces(scene).map(escaped),
    ...closingPieces(settings),
  ];
  const { phrases, dropped } = chooseWithin(pieces, ROOM);
  const prompt = inOneLine(phrases, ', ');
  return {
    prompt,
    negativePrompt: negative(scene),
    tokens: { used: estimateTokens(prompt), limit: LIMIT, estimated: true },
    phrases: named(phrases),
    dropped: namedDropped([...dropped, ...scene.dropped]),
  };
};

/** Round brackets would weigh what they hold. */
function escaped(piece: Piece): Piece {
  return { ...piece, text: piece.text.replace(/[()]/g, '\\$&') };
}

/** Flaws of generated pictures, less what this image is, plus what it is not. */
function negative(scene: Scene): string {
  const texts = scene.of('subject', 'detail', 'space').map(({ text }) => text);
  const people = texts.some((text) =>
    /\b(?:man|men|woman|women|person|people|boys?|girls?|child|children)\b/i.test(text),
  );
  return [
    'lowres',
    'jpeg artifacts',
    'watermark',
    ...(texts.includes(SOFT_FOCUS) ? [] : ['blurry']),
    ...(people ? ['bad anatomy', 'extra fingers'] : []),
    ...(scene.monochrome ? ['color'] : []),
  ].join(', ');
}
