import { createHash } from 'node:crypto';
import { extensionOf } from '../store/names.ts';

/** What the name says besides the hash is for people: with it a name of any script stays below 255 bytes. */
const MAX_STEM = 64;

/** Metadata of one blob may have 8 KB in all; percent signs take nine bytes for one letter of some scripts. */
const MAX_LABEL = 6_000;
const BASE64 = 'base64:';

/**
 * The feed is flat, since the blob trigger of Power Automate sees no folders: `<stem>-<12 hex of sha256(name)>.prompt.json`.
 * The stem is that of the last segment of the name, without what Windows, OneDrive and SharePoint allow in no file name.
 * @param image with its folders; the hash is of all of it, so that `a/cat.jpg` and `b/cat.jpg` have an entry each
 */
export function feedName(image: string): string {
  const last = image.slice(image.lastIndexOf('/') + 1);
  const extension = extensionOf(last);
  const stem = extension === null ? last : last.slice(0, -extension.length - 1);
  const hash = createHash('sha256').update(image).digest('hex').slice(0, 12);
  return `${portable(stem) || 'image'}-${hash}.prompt.json`;
}

/** The image's name as metadata can hold it. */
export function imageLabel(image: string): string {
  const encoded = encodeURIComponent(image);
  return encoded.length <= MAX_LABEL ? encoded : `${BASE64}${Buffer.from(image).toString('base64')}`;
}

/** The image of an entry of the feed, by its metadata; null where that says none. */
export function labelledImage({ image }: Readonly<Record<string, string>>): string | null {
  if (image === undefined) return null;
  if (image.startsWith(BASE64)) return Buffer.from(image.slice(BASE64.length), 'base64').toString();
  try {
    return decodeURIComponent(image);
  } catch {
    return null;
  }
}

function portable(stem: string): string {
  const safe = stem
    .normalize('NFC')
    .replace(/[\p{C}\u2028\u2029"*:<>?\\|#%~]/gu, '_')
    .replace(/^[\s.]+/, '');
  // The cut may go through a pair of surrogates.
  return safe
    .slice(0, MAX_STEM)
    .toWellFormed()
    .replace(/\ufffd$/, '')
    .trimEnd();
}
