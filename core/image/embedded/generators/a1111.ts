import { type Recovered, toRecovered } from '../recovered.ts';
import { EXIF_COMMENT, IMAGE_DESCRIPTION, JPEG_COMMENT, type Texts, USER_COMMENT } from '../texts.ts';
import { readSettings, type Settings } from './a1111-settings.ts';

/** PNG's keyword is theirs; in the other places anyone writes anything. */
const OWN = 'parameters';
const SHARED = [USER_COMMENT, EXIF_COMMENT, IMAGE_DESCRIPTION, JPEG_COMMENT];

const NEGATIVE = 'Negative prompt:';

/**
 * AUTOMATIC1111, Forge, SD.Next, and the many that write as they do: the prompt, `Negative prompt: ` and that, both over
 * as many lines as it takes, and a last line of settings.
 */
export function readA1111(texts: Texts): Recovered | null {
  const own = texts.get(OWN);
  if (own !== undefined && !own.trimStart().startsWith('{')) return readText(own);
  for (const name of SHARED) {
    const text = texts.get(name);
    if (text && settingsOf(text)?.settings.has('Steps')) return readText(text);
  }
  return null;
}

/** The text with its last line as settings, where it is one. */
function settingsOf(text: string): { readonly above: string; readonly settings: Settings } | null {
  const whole = text.trimEnd();
  const lineBreak = whole.lastIndexOf('\n');
  const settings = readSettings(whole.slice(lineBreak + 1));
  return settings && { above: withoutReturn(whole.slice(0, Math.max(0, lineBreak))), settings };
}

function readText(text: string): Recovered | null {
  const found = settingsOf(text);
  const above = found?.above ?? text;
  const marker = above.startsWith(NEGATIVE) ? 0 : above.indexOf(`\n${NEGATIVE}`) + 1;
  const negative = marker > 0 || above.startsWith(NEGATIVE);
  return toRecovered({
    generator: programOf(found?.settings),
    prompt: negative ? withoutReturn(above.slice(0, Math.max(0, marker - 1))) : above,
    negativePrompt: negative ? above.slice(marker + NEGATIVE.length).replace(/^ /, '') : null,
    parameters: found?.settings ?? [],
    partial: !found,
  });
}

/** Of a line break as Windows writes it. */
function withoutReturn(text: string): string {
  return text.endsWith('\r') ? text.slice(0, -1) : text;
}

function programOf(settings: Settings | undefined): string {
  const version = String(settings?.get('Version') ?? '');
  if (settings?.get('App') === 'SD.Next') return 'SD.Next';
  if (/^(?:f\d|neo|classic)/.test(version)) return 'Forge';
  return /^(?:ComfyUI|Fooocus)/.exec(version)?.[0] ?? 'A1111';
}
