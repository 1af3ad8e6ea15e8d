import { isUtf8 } from 'node:buffer';
import {
  decodeText,
  EXIF_COMMENT,
  IMAGE_DESCRIPTION,
  MAX_TEXT,
  MAX_TEXTS,
  USER_COMMENT,
  withoutPadding,
} from './texts.ts';

/** Of an EXIF block as image decoders give it. Only PNG and WebP hold more than 64 KiB. */
const MAX_BLOCK = MAX_TEXTS;

const MAX_TAGS = 256;

const EXIF_DIRECTORY = 0x8769;

/** The only tags that are looked at; the directory of positions is never entered. */
const TAGS: ReadonlyMap<number, string> = new Map([
  [0x010e, IMAGE_DESCRIPTION],
  [0x010f, 'exif:Make'],
  [0x0110, 'exif:Model'],
  [0x9286, USER_COMMENT],
  [0x9c9c, EXIF_COMMENT],
]);

/**
 * The texts that generators put into EXIF: ComfyUI's saver for WebP has `prompt:{…}` and `workflow:{…}` in the tags of
 * the camera, which come under the names that they have in PNG. What is broken is passed over.
 */
export function* exifTexts(
  block: Uint8Array | undefined,
): Generator<readonly [name: string, text: string], void> {
  if (!block || block.length > MAX_BLOCK) return;
  const seen = new Set<string>();
  for (const { name, value, bigEndian } of textTags(block)) {
    // A tag stands once; thousands may point at the same bytes.
    if (seen.has(name)) continue;
    seen.add(name);
    const text = DECODERS[name]?.(value, bigEndian) ?? withoutPadding(decodeText(value));
    const [whole, keyword = ''] = /^(prompt|workflow):\s*(?=\{)/i.exec(text) ?? [''];
    if (whole === '') yield [name, text];
    else yield [keyword.toLowerCase(), text.slice(whole.length)];
  }
}

interface TextTag {
  readonly name: string;
  readonly value: Buffer;
  readonly bigEndian: boolean;
}

/** TIFF 6.0, section 2: a directory is a count, and twelve bytes per tag: tag, type, count, value or its offset. */
function* textTags(block: Uint8Array): Generator<TextTag, void> {
  const exif = Buffer.from(block.buffer, block.byteOffset, block.byteLength);
  const tiff = exif.toString('latin1', 0, 6) === 'Exif\0\0' ? exif.subarray(6) : exif;
  const bigEndian = tiff.toString('latin1', 0, 2) === 'MM';
  const short = (at: number) => (bigEndian ? tiff.readUInt16BE(at) : tiff.readUInt16LE(at));
  const long = (at: number) => (bigEndian ? tiff.readUInt32BE(at) : tiff.readUInt32LE(at));
  if (tiff.length < 8) return;

  const directories = [long(4)];
  // The second is the EXIF directory; there is no third, so nothing can lead in a circle.
  for (let index = 0; index < Math.min(2, directories.length); index++) {
    const start = directories[index] ?? 0;
    if (start + 2 > tiff.length) return;
    const tags = Math.min(short(start), MAX_TAGS, Math.floor((tiff.length - start - 2) / 12));
    for (let tag = 0; tag < tags; tag++) {
      const at = start + 2 + 12 * tag;
      if (short(at) === EXIF_DIRECTORY) directories.push(long(at + 8));
      const name = TAGS.get(short(at));
      // Texts have types of one byte per element: byte, ASCII, undefined, UTF-8.
      if (name === undefined || ![1, 2, 7, 129].includes(short(at + 2))) continue;
      const length = long(at + 4);
      const from = length > 4 ? long(at + 8) : at + 8;
      if (length > MAX_TEXT || from + length > tiff.length) continue;
      yield { name, value: tiff.subarray(from, from + length), bigEndian };
    }
  }
}

const DECODERS: Readonly<Record<string, (value: Buffer, bigEndian: boolean) => string>> = {
  [USER_COMMENT]: userComment,
  [EXIF_COMMENT]: (value) => withoutPadding(new TextDecoder('utf-16le').decode(value)),
};

/** EXIF 2.32, section 4.6.5: eight bytes name the character code. Programs write others than they name. */
function userComment(value: Buffer, bigEndian: boolean): string {
  const code = /^(?:ASCII\0|UNICODE\0|JIS\0|\0{8})/.exec(value.toString('latin1', 0, 8))?.[0];
  const text = code === undefined ? value : value.subarray(8);
  if (code === 'JIS\0' && text.includes(0x1b)) return new TextDecoder('iso-2022-jp').decode(text);
  const order = utf16Order(text) ?? (code === 'UNICODE\0' && !isUtf8(text) ? byteOrder(bigEndian) : null);
  return withoutPadding(order ? new TextDecoder(order).decode(text) : decodeText(text));
}

type Utf16 = 'utf-16be' | 'utf-16le';

function byteOrder(bigEndian: boolean): Utf16 {
  return bigEndian ? 'utf-16be' : 'utf-16le';
}

/**
 * By its mark, or by where the zeros are: prompts and settings have spaces and digits, whatever their language. Null
 * where there are none, as in UTF-8.
 */
function utf16Order(text: Buffer): Utf16 | null {
  const mark = text.toString('latin1', 0, 2);
  if (mark === '\xfe\xff') return 'utf-16be';
  if (mark === '\xff\xfe') return 'utf-16le';
  const end = text.findLastIndex((byte) => byte !== 0);
  let surplus = 0;
  for (let at = 0; at < end; at++) if (text[at] === 0) surplus += at % 2 === 0 ? 1 : -1;
  return surplus === 0 ? null : byteOrder(surplus > 0);
}
