import type { PaletteColor } from '../../image/image.ts';
import { compositionPhrase, letteringPhrase, lightPhrase } from '../forms/sentences.ts';
import { closingPieces, inOneLine, openingPieces, type Settings } from '../forms/settings-pieces.ts';
import type { Phrase } from '../scene/phrases.ts';
import type { Scene } from '../scene/scene.ts';
import { MONOCHROME } from '../vocabulary.ts';
import { acting } from '../words/actions.ts';
import { colorPhrase, colorsNamed } from './flux2-colors.ts';

export interface SceneJsonInput {
  /** What the prompt of sentences begins with. */
  readonly opening: readonly Phrase[];
  readonly palette: readonly PaletteColor[];
  readonly settings: Settings;
}

/**
 * The base schema of FLUX.2's JSON prompts. A field of which nothing is known is not there: a mood or a camera
 * angle would be made up.
 */
export function sceneJson(
  scene: Scene,
  { opening, palette, settings }: SceneJsonInput,
): Record<string, unknown> {
  const what = [...opening, ...letteringPhrase(scene)].map((phrase) => ({ ...phrase, rank: 1 }));
  const optics = words(scene.of('optics'));
  const body = words(scene.of('body'));
  const fields = {
    scene: inOneLine([...openingPieces(settings), ...what, ...closingPieces(settings)], ', '),
    subjects: subjects(scene, palette),
    style: filled([
      scene.photographed.length > 0 ? 'photograph' : '',
      scene.monochrome.length > 0 ? MONOCHROME : '',
    ]).join(', '),
    color_palette: palette.map(({ hex }) => hex),
    lighting: words(lightPhrase(scene)),
    background: filled([words(scene.of('setting')), words(colorPhrase(scene, palette))]).join('; '),
    composition: words(compositionPhrase(scene)),
    camera: { ...(optics && { lens: optics }), ...(body && { body }) },
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => Object.keys(value).length > 0));
}

function subjects(scene: Scene, palette: readonly PaletteColor[]): Record<string, string>[] {
  const found = scene.of('place').find(({ text }) => text.startsWith('subject '));
  const main = scene.of('subject').map(({ text }) => {
    const { what, action: told } = acting(text);
    const action = told || words(scene.of('action'));
    return {
      description: [what, ...colorsNamed(text, palette)].join(', '),
      ...(found && { position: found.text.slice('subject '.length) }),
      ...(action && { action }),
    };
  });
  return [...main, ...scene.of('detail').map(({ text }) => ({ description: text }))];
}

function words(phrases: readonly Phrase[]): string {
  return phrases.map(({ text }) => text).join(', ');
}

function filled(texts: readonly string[]): string[] {
  return texts.filter((text) => text !== '');
}
