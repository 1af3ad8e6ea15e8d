import type { Camera, InspectedImage } from '../../../../core/image/image.ts';
import type { Target } from '../../../../core/prompt/document.ts';
import type { Analysis, Finding } from '../../../../core/vision/vision.ts';
import { EOS_R5, image, type Look } from '../samples.ts';

/** What a prompt writer would write of an image, as literal text: to be read aloud. */
export interface Golden {
  readonly name: string;
  /** Why a prompt that reads oddly is right. */
  readonly reason?: string;
  readonly of?: InspectedImage;
  readonly look: Look;
  readonly analysis?: Analysis;
  /** The prompts of the targets that matter in this case; `alt` and `negative` are the alt text and SDXL's negative prompt. */
  readonly expected: Partial<Record<Target | 'alt' | 'negative', string>>;
}

/** "boat 0.98, outdoor 0.97" as a service lists them. */
export function tagged(list: string): Finding[] {
  return list.split(',').map((entry) => {
    const [, text = '', confidence = ''] = /^\s*(.*?)\s+([\d.]+)\s*$/.exec(entry) ?? [];
    return { text, confidence: Number(confidence), box: null };
  });
}

/** "Car 0.81 at 0.1 0.4 0.3 0.2": left, top, width and height as fractions. */
export function boxed(...findings: readonly string[]): Finding[] {
  return findings.map((finding) => {
    const [what = '', where = ''] = finding.split(' at ');
    const [found] = tagged(what);
    const [x = 0, y = 0, w = 0, h = 0] = where.split(' ').map(Number);
    return { text: found?.text ?? '', confidence: found?.confidence ?? null, box: { x, y, w, h } };
  });
}

/** Lines of text that were read, all of them clearly. */
export function lines(...texts: readonly string[]): Finding[] {
  return texts.map((text) => ({ text, confidence: 0.98, box: null }));
}

const NOTHING: Camera = {
  make: null,
  model: null,
  lens: null,
  focalLength: null,
  aperture: null,
  exposure: null,
  iso: null,
};

export const PORTRAIT_LENS = image(EOS_R5);
export const WIDE_LENS = image({
  ...NOTHING,
  make: 'NIKON',
  model: 'NIKON Z 6',
  focalLength: 20,
  aperture: 8,
});
export const NORMAL_LENS = image({
  ...NOTHING,
  make: 'FUJIFILM',
  model: 'X-T5',
  focalLength: 35,
  aperture: 2,
});
export const MACRO_LENS = image({
  ...NOTHING,
  make: 'SONY',
  model: 'ILCE-7M4',
  focalLength: 90,
  aperture: 4,
});
export const LONG_LENS = image({
  ...NOTHING,
  make: 'Canon',
  model: 'Canon EOS R7',
  focalLength: 400,
  aperture: 5.6,
});
export const PHONE = image({
  ...NOTHING,
  make: 'Apple',
  model: 'iPhone 15',
  focalLength: 6.8,
  aperture: 1.6,
});
