import type { ImageFormat } from './image.ts';

/** A format that can be described, or a public sentence that says what the bytes are instead. */
export type Sniffed = { readonly format: ImageFormat } | { readonly refused: string };

/** No image of any format is shorter; what is shorter shows a signature at best. */
const SHORTEST_IMAGE = 16;

/** Far enough to find the root element of an SVG behind its prolog and comments. */
const HEAD_BYTES = 1024;

/** Tells the format by its first bytes alone: names and content types are claims. */
export function sniffImage(bytes: Uint8Array): Sniffed {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, HEAD_BYTES)).toString(
    'latin1',
  );
  if (bytes.length < SHORTEST_IMAGE) return refused('too short to be an image');
  const format = describable(head);
  if (format) return { format };
  return refused(otherKind(head) ?? 'in no image format known here');
}

function refused(what: string): Sniffed {
  return { refused: `This is ${what}; JPEG, PNG, WebP, GIF, TIFF and AVIF can be described.` };
}

/** Classic TIFF and BigTIFF, in both byte orders. */
const TIFF = ['II*\0', 'MM\0*', 'II+\0', 'MM\0+'];

function describable(head: string): ImageFormat | undefined {
  if (head.startsWith('\xff\xd8\xff')) return 'jpeg';
  // A PNG begins with its IHDR chunk. Apple's CgBI variant does not, and no common decoder reads it.
  if (head.startsWith('\x89PNG\r\n\x1a\n') && head.startsWith('IHDR', 12)) return 'png';
  if (head.startsWith('RIFF') && head.startsWith('WEBP', 8)) return 'webp';
  if (/^GIF8[79]a/.test(head)) return 'gif';
  if (TIFF.some((magic) => head.startsWith(magic))) return 'tiff';
  return isoBrand(head) === 'avif' ? 'avif' : undefined;
}

const HEIC_BRANDS = ['heic', 'heix', 'heim', 'heis', 'hevc', 'hevx', 'hevm', 'hevs'];

/**
 * The kind of an ISO base media file (ISO/IEC 14496-12 section 4.3) by its brands. `mif1` and `msf1` say only
 * "an HEIF container" (ISO/IEC 23008-12); the compatible brands then tell AVIF from HEIC.
 */
function isoBrand(head: string): 'avif' | 'heic' | 'heif' | 'video' | undefined {
  if (!head.startsWith('ftyp', 4)) return undefined;
  const size = Buffer.from(head.slice(0, 4), 'latin1').readUInt32BE();
  const brands = head.slice(8, size).match(/.{4}/gs) ?? [];
  // The second is the version, not a brand.
  brands.splice(1, 1);
  const [major = '', ...compatible] = brands;
  if (major === 'avif' || major === 'avis') return 'avif';
  if (HEIC_BRANDS.includes(major)) return 'heic';
  if (major !== 'mif1' && major !== 'msf1') return 'video';
  if (compatible.some((brand) => brand === 'avif' || brand === 'avis')) return 'avif';
  return compatible.some((brand) => HEIC_BRANDS.includes(brand)) ? 'heic' : 'heif';
}

/** What the file begins with, or has at an offset. */
const SIGNATURES: readonly (readonly [magic: string, what: string, at?: number])[] = [
  ['\0\0\0\x0cJXL ', 'a JPEG XL image'],
  ['\xff\x0a', 'a JPEG XL image'],
  ['\0\0\0\x0cjP  ', 'a JPEG 2000 image'],
  ['\xff\x4f\xff\x51', 'a JPEG 2000 image'],
  ['\0\0\x01\0', 'an icon'],
  ['\0\0\x02\0', 'a cursor'],
  ['8BPS', 'a Photoshop document'],
  ['%PDF-', 'a PDF document'],
  ['PK\x03\x04', 'a ZIP archive'],
  ['PK\x05\x06', 'a ZIP archive'],
  ['\x1f\x8b', 'a gzip archive'],
  ['\x1aE\xdf\xa3', 'a video'],
  ['AVI ', 'a video', 8],
  ['WAVE', 'a sound', 8],
  ['OggS', 'a sound'],
  ['ID3', 'a sound'],
];

/** Behind an optional byte order mark and space. */
const MARKUP: readonly (readonly [RegExp, string])[] = [
  [/^(<\?xml|<!--|<!doctype svg|<svg\b).*<svg\b|^<svg\b/is, 'an SVG drawing'],
  [/^(<!--.*-->\s*)?<(!doctype html|html|head|body|script)\b/is, 'an HTML page'],
  [/^<[?!]/, 'an XML document'],
];

function otherKind(head: string): string | undefined {
  const iso = isoBrand(head);
  if (iso === 'heic') return 'a HEIC image';
  if (iso === 'heif') return 'an HEIF image that is not AVIF';
  if (iso === 'video') return 'a video';
  const signature = SIGNATURES.find(([magic, , at = 0]) => head.startsWith(magic, at));
  if (signature) return signature[1];
  // Two letters are too weak a signature for prose; the reserved field behind them is not.
  if (head.startsWith('BM') && head.startsWith('\0\0\0\0', 6)) return 'a BMP image';
  const text = head.replace(/^\xef\xbb\xbf/, '').trimStart();
  const markup = MARKUP.find(([pattern]) => pattern.test(text));
  if (markup) return markup[1];
  return /^[\s\x20-\x7e\xa0-\xff]*$/.test(text) ? 'text' : undefined;
}
