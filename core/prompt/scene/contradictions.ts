import {
  COOL_LIGHT,
  HIGH_KEY,
  LOW_KEY,
  MONOCHROME,
  MUTED,
  NEAR_MONOCHROME,
  SHARP_FOCUS,
  SOFT_FOCUS,
  VIVID,
  WARM_LIGHT,
} from '../vocabulary.ts';
import type { Phrases } from './phrases.ts';

/** What was measured is true of the pixels; a tag that says the opposite is a guess that went wrong. */
const DISAGREE: readonly { readonly measured: string; readonly says: RegExp }[] = [
  { measured: LOW_KEY, says: /^(?:bright|brightness|overexposed|high[- ]key(?: light(?:ing)?)?)$/i },
  { measured: HIGH_KEY, says: /^(?:dark|darkness|dim|underexposed|low[- ]key(?: light(?:ing)?)?|night)$/i },
  { measured: SHARP_FOCUS, says: /^(?:blur|blurry|blurred|out of focus|soft focus)$/i },
  { measured: SOFT_FOCUS, says: /^(?:sharp|sharpness|crisp|sharp focus)$/i },
  { measured: MONOCHROME, says: /^(?:(?:very )?colou?rful(?:ness)?|vivid|vibrant)(?: colou?rs?)?$/i },
  { measured: MUTED, says: /^(?:(?:very )?colou?rful(?:ness)?|vivid|vibrant)(?: colou?rs?)?$/i },
  { measured: VIVID, says: /^(?:muted|desaturated|pastel)(?: colou?rs?| tones?)?$/i },
  { measured: WARM_LIGHT, says: /^(?:cool|cold)(?: light(?:ing)?| colou?rs?| tones?)$/i },
  { measured: COOL_LIGHT, says: /^(?:warm(?: light(?:ing)?| colou?rs?| tones?)|golden hour)$/i },
];

/** Tags that say of an image what {@link MONOCHROME} says. */
export const COLORLESS =
  /^(?:black[- ]and[- ]white(?: photography)?|monochrome(?: photography)?|gr[ae]yscale)$/i;

/** Why a tag cannot be true of what was measured; null where nothing speaks against it. */
export function contradiction(tag: string, measured: ReadonlySet<string>): string | null {
  const against = DISAGREE.find((rule) => measured.has(rule.measured) && rule.says.test(tag));
  if (against) return `the pixels say ${against.measured}`;
  return isColored(measured) && COLORLESS.test(tag) ? 'the pixels are in color' : null;
}

export function isColored(measured: ReadonlySet<string>): boolean {
  return measured.size > 0 && !measured.has(MONOCHROME) && !measured.has(NEAR_MONOCHROME);
}

/** Light words that the eye would not choose beside these words of a caption. */
const UNSAID: readonly { readonly light: string; readonly says: RegExp }[] = [
  {
    light: HIGH_KEY,
    says: /\b(?:night|dark (?:room|sky|background|street|forest|cave)|darkness|dimly lit)\b/i,
  },
  { light: LOW_KEY, says: /\b(?:sunny|brightly lit|bright (?:room|sky|background|day)|daylight)\b/i },
];

/** A caption sees what it means, a measurement does not: of two that clash, the caption is easier to believe. */
export function withoutClashes(phrases: Phrases): void {
  const told = phrases.of('subject', 'setting').map(({ text }) => text);
  for (const { light, says } of UNSAID) {
    if (told.some((text) => says.test(text)))
      phrases.retract('light', light, 'the description says otherwise');
  }
}
