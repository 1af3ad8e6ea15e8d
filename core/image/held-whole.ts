import pLimit from 'p-limit';
import type { ImageFormat } from './image.ts';

const MIB = 1024 * 1024;

/** Of a decoded image, beside which others of its kind wait. */
const LARGE_BYTES = 64 * MIB;

/** Up to the last byte that is looked at. */
const HEADER_BYTES = 29;

const oneAtATime = pLimit(1);

/**
 * Runs a decode at once, or where it would hold a large image whole, after all others that would. Most formats are decoded
 * row by row; those that are not let a file of half a megabyte take 400 MB.
 */
export function decodeInTurn<T>(
  bytes: Uint8Array,
  format: ImageFormat,
  decode: () => Promise<T>,
): Promise<T> {
  return heldBytes(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), format) > LARGE_BYTES
    ? oneAtATime(decode)
    : decode();
}

/** As the header of the file says; a shorter one holds nothing. */
function heldBytes(bytes: Buffer, format: ImageFormat): number {
  if (bytes.length < HEADER_BYTES) return 0;
  if (format === 'gif') return bytes.readUInt16LE(6) * bytes.readUInt16LE(8) * 4;
  // PNG, third edition, section 11.2.1: of an interlaced image every pass covers all of it.
  const isInterlaced = format === 'png' && bytes[28] === 1;
  if (!isInterlaced) return 0;
  const sampleBytes = bytes[24] === 16 ? 2 : 1;
  return bytes.readUInt32BE(16) * bytes.readUInt32BE(20) * 4 * sampleBytes;
}
