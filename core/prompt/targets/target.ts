import type { Measurements } from '../../image/image.ts';
import type { ComposedPrompt } from '../document.ts';
import type { Settings } from '../forms/settings-pieces.ts';
import type { Scene } from '../scene/scene.ts';

interface TargetInput {
  readonly scene: Scene;
  readonly measurements: Measurements;
  readonly settings: Settings;
}

/** One family of models: its order, its form, its limit. */
export type ComposeTarget = (input: TargetInput) => ComposedPrompt;
