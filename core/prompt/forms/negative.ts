import type { Scene } from '../scene/scene.ts';
import { SOFT_FOCUS } from '../vocabulary.ts';

/** What a generated picture should not have: its usual flaws, less what this image is, plus what it is proved not to be. */
export function negativePhrases(scene: Scene): string[] {
  const subjects = scene.of('subject', 'detail').map(({ text }) => text);
  const softFocus = scene.of('space').some(({ text }) => text === SOFT_FOCUS);
  const shows = (words: RegExp) => subjects.some((text) => words.test(text));
  const people = shows(
    /\b(?:man|men|woman|women|person|people|boys?|girls?|child|children|baby|babies|couple|bride|groom|family|crowd)\b/i,
  );
  const pictured = shows(/\b(?:painting|drawing|illustration|cartoon|sketch|poster|mural|book|art)/i);
  const lettered =
    scene.of('lettering').length > 0 || shows(/"|\b(?:sign|text|words?|letters?|document|page)\b/i);
  return [
    'lowres',
    'jpeg artifacts',
    'watermark',
    ...(lettered ? [] : ['text']),
    ...(softFocus ? [] : ['blurry']),
    ...(people ? ['bad anatomy', 'extra fingers'] : []),
    ...(scene.photographed.length > 0 && !pictured ? ['painting', 'illustration'] : []),
    ...(scene.monochrome.length > 0 ? ['color'] : []),
  ];
}
