import { gunzipSync } from 'node:zlib';
import { forDecoder } from '../for-decoder.ts';
import type { ImageFormat } from '../image.ts';
import { FAIL_ON, sharp } from '../sharp.ts';
import { MAX_TEXT } from './texts.ts';

export interface StealthOptions {
  readonly format: ImageFormat;
  /** Pixels as they are stored, before the EXIF orientation. */
  readonly width: number;
  readonly height: number;
  readonly hasAlpha: boolean;
}

/** Compressed, in bytes. */
const MAX_PAYLOAD = 256 * 1024;

/**
 * WebP cannot be decoded in part, so it only is where NovelAI may have made the image: it works in steps of 64 pixels,
 * up to 3 megapixels.
 */
const WEBP_STEP = 64;
const MAX_WEBP_PIXELS = 2 ** 22;

/** Rows of the first column that are decoded by themselves: few tell nearly every image, more tell the others. */
const FIRST_ROWS = [8, 120];

const SIGNATURE_BYTES = 15;
const SIGNATURES = ['stealth_pnginfo', 'stealth_pngcomp', 'stealth_rgbinfo', 'stealth_rgbcomp'];

/**
 * The text that NovelAI and the "stealth" extensions hide in the lowest bits of the pixels, column by column: 15 bytes
 * of signature, the length in bits, the text, which may be gzipped. `png` uses the alpha channel, `rgb` the others.
 * An image without the signature costs the decode of its first rows; only one that has it is decoded as a whole.
 * @throws Error where it has the signature and cannot be decoded
 */
export async function readStealth(bytes: Uint8Array, options: StealthOptions): Promise<string | null> {
  if (!mayHide(bytes, options)) return null;
  const { format, width, height } = options;
  const { bytes: readable } = forDecoder(bytes, format);
  for (const rows of FIRST_ROWS) {
    const first = await decode(readable, { width: 1, height: Math.min(rows, height) });
    if (![alphaBits(first), colorBits(first)].some(startsLikeSignature)) return null;
  }
  const needed = Math.ceil(((SIGNATURE_BYTES + 4 + MAX_PAYLOAD) * 8) / height);
  const columns = await decode(readable, { width: Math.min(width, needed), height });
  return payload(alphaBits(columns)) ?? payload(colorBits(columns));
}

/** Lossy pixels hide nothing, and an interlaced PNG has no first rows. */
function mayHide(bytes: Uint8Array, { format, width, height, hasAlpha }: StealthOptions): boolean {
  const header = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 64));
  if (format === 'webp') {
    const fitting = width % WEBP_STEP === 0 && height % WEBP_STEP === 0 && width * height <= MAX_WEBP_PIXELS;
    return hasAlpha && fitting && header.includes('VP8L');
  }
  const [depth, color, interlaced] = [header[24], header[25], header[28]];
  const palette = 3;
  return format === 'png' && depth === 8 && color !== palette && interlaced === 0;
}

interface Pixels {
  readonly data: Buffer;
  readonly width: number;
  readonly height: number;
  readonly channels: number;
}

/** The left upper corner, as stored: a colour profile that is applied would change the lowest bits. */
async function decode(bytes: Uint8Array, size: { width: number; height: number }): Promise<Pixels> {
  const { data, info } = await sharp(bytes, { failOn: FAIL_ON, limitInputPixels: false, ignoreIcc: true })
    .extract({ left: 0, top: 0, ...size })
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data, ...size, channels: info.channels };
}

function* alphaBits({ data, width, height, channels }: Pixels): Generator<number, void> {
  if (channels !== 2 && channels !== 4) return;
  for (let x = 0; x < width; x++) {
    for (let y = 0; y < height; y++) yield (data[(y * width + x + 1) * channels - 1] ?? 0) & 1;
  }
}

function* colorBits({ data, width, height, channels }: Pixels): Generator<number, void> {
  if (channels < 3) return;
  for (let x = 0; x < width; x++) {
    for (let y = 0; y < height; y++) {
      const at = (y * width + x) * channels;
      for (const color of [0, 1, 2]) yield (data[at + color] ?? 0) & 1;
    }
  }
}

function startsLikeSignature(bits: Iterable<number>): boolean {
  const known = [...bits].slice(0, SIGNATURE_BYTES * 8);
  const start = takeBytes(known.values(), Math.floor(known.length / 8))?.toString('latin1') ?? '';
  return start !== '' && SIGNATURES.some((signature) => signature.startsWith(start));
}

function takeBytes(bits: Iterator<number>, count: number): Buffer | null {
  const taken = Buffer.alloc(count);
  for (let index = 0; index < count * 8; index++) {
    const { value, done } = bits.next();
    if (done) return null;
    taken[index >> 3] = ((taken[index >> 3] ?? 0) << 1) | value;
  }
  return taken;
}

function payload(channel: Iterable<number>): string | null {
  const bits = channel[Symbol.iterator]();
  const signature = takeBytes(bits, SIGNATURE_BYTES)?.toString('latin1') ?? '';
  const length = (takeBytes(bits, 4)?.readUInt32BE() ?? 0) / 8;
  if (!SIGNATURES.includes(signature) || length < 1 || length > MAX_PAYLOAD || !Number.isInteger(length))
    return null;
  const text = takeBytes(bits, length);
  if (!text) return null;
  return (signature.endsWith('comp') ? gunzipSync(text, { maxOutputLength: MAX_TEXT }) : text).toString(
    'utf8',
  );
}
