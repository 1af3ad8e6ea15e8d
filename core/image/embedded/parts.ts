import type { ImageFormat } from '../image.ts';

/** A piece of an image file: a PNG or RIFF chunk, a JPEG segment, a box. */
export interface Part {
  /** `tEXt`, `EXIF`; of JPEG segments the marker in hex: `eb`. */
  readonly type: string;
  /** A view into the file: nothing is copied. */
  readonly data: Buffer;
}

/** A PNG of 20 MiB in pieces of 8 KiB has 2,560. */
const MAX_PARTS = 20_000;

/**
 * The parts of a file but for its pixels, as far as they are whole: a length that lies ends the list. Costs a few reads
 * per part, however long it is.
 */
export function* parts(bytes: Uint8Array, format: ImageFormat): Generator<Part, void> {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const layout = LAYOUTS[format];
  if (layout === null) return;
  let at = layout.start;
  for (let count = 0; count < MAX_PARTS && at + layout.header <= file.length; count++) {
    const pixels = layout.pixels?.(file, at) ?? 0;
    if (pixels > 0) {
      at += pixels;
      continue;
    }
    const { type, from, size, next } = layout.read(file, at);
    if (size < 0 || from + size > file.length) return;
    yield { type, data: file.subarray(from, from + size) };
    if (next <= at || layout.last === type) return;
    at = next;
  }
}

interface Place {
  readonly type: string;
  readonly from: number;
  readonly size: number;
  readonly next: number;
}

interface Layout {
  readonly start: number;
  /** Bytes that `read` looks at. */
  readonly header: number;
  /** The part that no other follows. */
  readonly last?: string;
  /** The whole length of a part that is pixels, of which there may be thousands; 0 for any other. */
  pixels?(file: Buffer, at: number): number;
  read(file: Buffer, at: number): Place;
}

/** PNG third edition, section 5.3: length, type, data, checksum. */
const PNG: Layout = {
  start: 8,
  header: 12,
  last: 'IEND',
  pixels(file, at) {
    const idat = 0x49444154;
    return file.readUInt32BE(at + 4) === idat ? file.readUInt32BE(at) + 12 : 0;
  },
  read(file, at) {
    const size = file.readUInt32BE(at);
    return { type: file.toString('latin1', at + 4, at + 8), from: at + 8, size, next: at + 12 + size };
  },
};

/** RFC 9649, section 2.3: type, length, data, padded to an even length. */
const WEBP: Layout = {
  start: 12,
  header: 8,
  read(file, at) {
    const size = file.readUInt32LE(at + 4);
    return {
      type: file.toString('latin1', at, at + 4),
      from: at + 8,
      size,
      next: at + 8 + size + (size % 2),
    };
  },
};

/** ITU-T T.81, B.1.1: 0xFF, marker, a length that counts itself; any number of 0xFF may stand before a marker. */
const JPEG: Layout = {
  start: 2,
  header: 4,
  last: 'da',
  read(file, at) {
    const marker = file.readUInt8(at + 1);
    if (marker === 0xff) return { type: 'ff', from: at, size: 0, next: at + 1 };
    const size = file.readUInt8(at) === 0xff ? file.readUInt16BE(at + 2) - 2 : -1;
    return { type: marker.toString(16), from: at + 4, size, next: at + 4 + size };
  },
};

/** ISO/IEC 14496-12, section 4.2, without sizes of 64 bits, which only media data have. */
const ISO: Layout = {
  start: 0,
  header: 8,
  read(file, at) {
    const size = file.readUInt32BE(at);
    return { type: file.toString('latin1', at + 4, at + 8), from: at + 8, size: size - 8, next: at + size };
  },
};

const LAYOUTS: Readonly<Record<ImageFormat, Layout | null>> = {
  png: PNG,
  webp: WEBP,
  jpeg: JPEG,
  avif: ISO,
  gif: null,
  tiff: null,
};
