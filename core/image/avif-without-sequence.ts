/** Size and type (ISO/IEC 14496-12, section 4.2). */
const BOX_HEADER = 8;

const SEQUENCE = 'moov';

/** The first box is of this type, and names the brand of the file at first. */
const FILE_TYPE = 'ftyp';
const OF_SEQUENCE = 'avis';
const OF_IMAGE = 'avif';

/** What every reader passes over. */
const NOTHING = 'free';

/**
 * The AVIF with its image alone; itself where it has no sequence of images beside that, which nobody looks at. The decoder
 * makes a list of all images of a sequence: a file of 900 bytes that tells of 17 million makes it take 1 GB. It also knows no
 * file that says to be a sequence first of all. No byte moves, since the image is found by its place in the file.
 */
export function avifWithoutSequence(bytes: Uint8Array): Uint8Array {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let without: Buffer | null = null;
  if (wordAt(file, 4) === FILE_TYPE && wordAt(file, BOX_HEADER) === OF_SEQUENCE) {
    without = Buffer.from(file);
    without.write(OF_IMAGE, BOX_HEADER, 'latin1');
  }
  for (let at = 0; at + BOX_HEADER <= file.length; ) {
    const size = boxSize(file, at);
    // The decoder finds boxes behind even that.
    if (size === null) return (without ?? bytes).subarray(0, at);
    if (wordAt(file, at + 4) === SEQUENCE) {
      without ??= Buffer.from(file);
      without.write(NOTHING, at + 4, 'latin1');
    }
    at += size;
  }
  return without ?? bytes;
}

function wordAt(file: Buffer, at: number): string {
  return file.toString('latin1', at, at + 4);
}

/** Null where it is less than its own header; a size of 0 is up to the end of the file. */
function boxSize(file: Buffer, at: number): number | null {
  const size = file.readUInt32BE(at);
  if (size === 0) return file.length;
  if (size >= BOX_HEADER) return size;
  const isLarge = size === 1 && at + 2 * BOX_HEADER <= file.length;
  const large = isLarge ? Number(file.readBigUInt64BE(at + BOX_HEADER)) : 0;
  return large < 2 * BOX_HEADER ? null : large;
}
