import { undecodable } from './undecodable.ts';

/** `RIFF`, a length, `WEBP` (RFC 9649, section 2.4). */
const FILE_HEADER = 12;

/** Type and length, behind which a chunk has its content (section 2.3). */
const CHUNK_HEADER = 8;

/** Place, size, duration and blending, which stand before the picture of an ANMF chunk (section 2.7.1.1). */
const FRAME_HEADER = 16;

/** Of the flags that a VP8X chunk begins with. */
const ANIMATED = 0b10;

export interface FirstFrames {
  /** The file as the decoder should get it. */
  readonly bytes: Uint8Array;
  /** Of the whole file. */
  readonly frames: number;
}

/**
 * An animated WebP with its first frame, and the first that does not fill the picture, since of an animation that has any
 * the decoder shrinks the first frame otherwise; any other WebP as it is.
 *
 * The decoder walks the list of frames from its start for each of them: 40,000 in a file of 2 MB would keep it busy for
 * twenty seconds, and ten times as many for half an hour. It also takes for a frame of the file what stands behind the
 * picture in a frame, so that is left out, too.
 * @throws RefusedError `image-corrupt` where a length lies
 */
export function webpFirstFrames(bytes: Uint8Array): FirstFrames {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (!isAnimated(file)) return { bytes, frames: 1 };
  const { kept, frames } = firstChunks(file);
  const cut = Buffer.concat([file.subarray(0, FILE_HEADER), ...kept]);
  cut.writeUInt32LE(cut.length - CHUNK_HEADER, 4);
  return { bytes: cut, frames };
}

function isAnimated(file: Buffer): boolean {
  const flags = file.at(FILE_HEADER + CHUNK_HEADER) ?? 0;
  return file.toString('latin1', FILE_HEADER, FILE_HEADER + 4) === 'VP8X' && (flags & ANIMATED) !== 0;
}

interface FirstChunks {
  /** Of each type that the decoder reads, in the order of the file. */
  readonly kept: readonly Buffer[];
  readonly frames: number;
}

function firstChunks(file: Buffer): FirstChunks {
  const kept: Buffer[] = [];
  const seen = new Set<number>();
  let frames = 0;
  let allFill = true;
  // What stands behind the end that the file tells is none of it.
  const fileEnd = file.readUInt32LE(4) + CHUNK_HEADER;
  for (let at = FILE_HEADER; at < fileEnd; ) {
    const chunk = chunkAt(file, at);
    if (chunk === null || chunk.end > fileEnd) throw undecodable('webp', new Error('a length lies'));
    const { type, end } = chunk;
    if (type === ANMF) {
      const fills: boolean = allFill && fillsPicture(file, at);
      if (frames === 0 || fills !== allFill) kept.push(pictureOnly(file.subarray(at, end)));
      allFill = fills;
      frames++;
    } else if (KNOWN.has(type) && !seen.has(type)) {
      kept.push(file.subarray(at, end));
      seen.add(type);
    }
    at = end;
  }
  return { kept, frames };
}

/** Width and height, each less one and in three bytes, stand alike in VP8X, which is the first chunk, and in a frame. */
function fillsPicture(file: Buffer, frame: number): boolean {
  const sizeAt = (at: number) => file.subarray(at, at + 6);
  return sizeAt(frame + CHUNK_HEADER + 6).equals(sizeAt(FILE_HEADER + CHUNK_HEADER + 4));
}

/** A frame that ends with its picture, before which its transparency may stand. */
function pictureOnly(frame: Buffer): Buffer {
  let at = CHUNK_HEADER + FRAME_HEADER;
  let type = ALPH;
  for (let chunk = chunkAt(frame, at); chunk && type === ALPH; chunk = chunkAt(frame, at)) {
    ({ type } = chunk);
    if (type === ALPH || PICTURES.includes(type)) at = chunk.end;
  }
  const cut = Buffer.from(frame.subarray(0, at));
  cut.writeUInt32LE(cut.length - CHUNK_HEADER, 4);
  return cut;
}

interface Chunk {
  /** Its four letters, as a number. */
  readonly type: number;
  /** Behind its padding. */
  readonly end: number;
}

/** Null where the bytes end before it does. */
function chunkAt(file: Buffer, at: number): Chunk | null {
  if (at + CHUNK_HEADER > file.length) return null;
  const size = file.readUInt32LE(at + 4);
  const end = at + CHUNK_HEADER + size + (size % 2);
  return end > file.length ? null : { type: file.readUInt32BE(at), end };
}

const ANMF = typeOf('ANMF');
const ALPH = typeOf('ALPH');
const PICTURES = [typeOf('VP8 '), typeOf('VP8L')];
const KNOWN = new Set([ALPH, ...PICTURES, ...['VP8X', 'ICCP', 'ANIM', 'EXIF', 'XMP '].map(typeOf)]);

function typeOf(letters: string): number {
  return Buffer.from(letters, 'latin1').readUInt32BE();
}
