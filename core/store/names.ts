/** Which blobs are images to describe, and what the blobs we write beside them are called. */

/** Formats that are described, and those that are common enough to be refused by name. */
export const IMAGE_EXTENSIONS: ReadonlySet<string> = new Set(
  'jpg jpeg jpe jfif png webp gif tif tiff avif bmp heic heif jxl svg ico psd'.split(' '),
);

const PROMPT_SUFFIX = '.prompt.json';
const ERROR_SUFFIX = '.prompt.error.json';

/** https://learn.microsoft.com/rest/api/storageservices/naming-and-referencing-containers--blobs--and-metadata */
export const MAX_BLOB_NAME = 1024;

/** Of a name, between its slashes: see there. */
const MAX_SEGMENTS = 254;

/** The longest name an image can have, so that the names of its outputs still fit. */
export const MAX_IMAGE_NAME = MAX_BLOB_NAME - ERROR_SUFFIX.length;

export const promptName = (image: string): string => `${image}${PROMPT_SUFFIX}`;
export const errorName = (image: string): string => `${image}${ERROR_SUFFIX}`;

/** `<stem>.txt`, as trainers look for it, and `<name>.xmp`, as photo programs do. */
export function sidecarNames(image: string): { readonly txt: string; readonly xmp: string } {
  const extension = extensionOf(image);
  const stem = extension === null ? image : image.slice(0, -extension.length - 1);
  return { txt: `${stem}.txt`, xmp: `${image}.xmp` };
}

/** The folder that a blob is in: its name up to the last slash, with it. */
export function folderOf(name: string): string {
  return name.slice(0, name.lastIndexOf('/') + 1);
}

/** What is said of all images of a folder, as data sets have it. */
export const metadataName = (folder: string): string => `${folder}metadata.jsonl`;

/** The image a prompt or error blob belongs to, or null for any other blob. */
export function ownerOf(name: string): { readonly image: string; readonly kind: 'prompt' | 'error' } | null {
  if (name.endsWith(ERROR_SUFFIX)) return { image: name.slice(0, -ERROR_SUFFIX.length), kind: 'error' };
  if (name.endsWith(PROMPT_SUFFIX)) return { image: name.slice(0, -PROMPT_SUFFIX.length), kind: 'prompt' };
  return null;
}

/**
 * Whether a blob is an image to describe, by name and content type alone: an image extension, or no extension at
 * all and an image content type. What we write ourselves ends in `.json`, so it never counts.
 */
export function isCandidate(name: string, contentType: string | null, prefix = ''): boolean {
  if (!name.startsWith(prefix)) return false;
  const extension = extensionOf(name);
  if (extension !== null) return IMAGE_EXTENSIONS.has(extension);
  return /^image\//i.test(contentType ?? '');
}

/** Accounts with a hierarchical namespace have folders as empty blobs with a mark in their metadata. */
export function isDirectory(metadata: Readonly<Record<string, string>>): boolean {
  return metadata.hdi_isfolder === 'true';
}

/** In lower case; null where there is none. */
export function extensionOf(name: string): string | null {
  const last = name.slice(name.lastIndexOf('/') + 1);
  const dot = last.lastIndexOf('.');
  return dot < 0 ? null : last.slice(dot + 1).toLowerCase();
}

/**
 * A listing is XML, in which control characters and the last two code points of the first plane cannot stand: one such
 * name makes some services answer 500 to every listing.
 */
export function isListable(text: string): boolean {
  return text.isWellFormed() && !/[\p{Cc}\uFFFE\uFFFF]/u.test(text);
}

/**
 * Why an image's name cannot be used, or null where it can.
 *
 * The Azure SDK resolves `.` and `..` segments when it builds an address, so that `../other/x` names a blob in another
 * container, and it throws on a lone surrogate. URL parsers take a backslash for a slash, so it counts as one here.
 */
export function nameFault(name: string, maxLength = MAX_IMAGE_NAME): string | null {
  if (name.length === 0) return 'it is empty';
  if (name.length > maxLength) return `it is longer than ${maxLength} characters`;
  if (!name.isWellFormed()) return 'it has a lone surrogate';
  if (!isListable(name)) return 'it has a character that storage cannot list';
  const segments = name.split(/[/\\]/);
  if (segments.some((part) => part === '.' || part === '..')) return 'it has a . or .. segment';
  if (segments.length > MAX_SEGMENTS) return `it has more than ${MAX_SEGMENTS} segments`;
  return null;
}
