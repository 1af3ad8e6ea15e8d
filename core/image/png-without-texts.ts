/** Bytes of text that are left in a file, which costs less than to copy it. */
const MAX_LEFT = 64 * 1024;

/** Bytes of an XMP packet as it is stored: larger ones are not read. */
const MAX_XMP = 512 * 1024;

const XMP_KEYWORD = 'XML:com.adobe.xmp\0';

/** Length, type, data, checksum (PNG third edition, section 5.3). */
const FRAME = 12;

/**
 * The PNG as the decoder should get it: without its texts but for the first XMP packet; itself where they are few, short
 * and not compressed. sharp inflates every text and makes a string of it, up to 40 MB each, on every call: 40 compressed
 * texts in a file of 1.3 MB keep it busy for two minutes.
 */
export function pngWithoutTexts(bytes: Uint8Array): Uint8Array {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { texts, costly } = findTexts(file);
  if (!costly) return bytes;
  const kept = Buffer.alloc(file.length);
  let length = 0;
  let from = 0;
  for (const { start, end } of texts) {
    length += file.copy(kept, length, from, start);
    from = end;
  }
  length += file.copy(kept, length, from);
  return kept.subarray(0, length);
}

interface Span {
  readonly start: number;
  readonly end: number;
}

/** All but the first XMP packet. What follows a length that lies stays as it is: the decoder judges it. */
function findTexts(file: Buffer): { readonly texts: readonly Span[]; readonly costly: boolean } {
  const texts: Span[] = [];
  let bytes = 0;
  let compressed = false;
  let packet = false;
  let at = 8;
  while (at + FRAME <= file.length) {
    const type = file.readUInt32BE(at + 4);
    const end = at + FRAME + file.readUInt32BE(at);
    if (end > file.length || type === TYPES.IEND) break;
    if (type === TYPES.tEXt || type === TYPES.zTXt || type === TYPES.iTXt) {
      const isPacket: boolean = type === TYPES.iTXt && !packet && end - at < MAX_XMP && isXmp(file, at + 8);
      packet ||= isPacket;
      if (!isPacket) {
        texts.push({ start: at, end });
        bytes += end - at;
        compressed ||= type === TYPES.zTXt || (type === TYPES.iTXt && isCompressed(file, at + 8, end));
      }
    }
    at = end;
  }
  return { texts, costly: compressed || bytes > MAX_LEFT };
}

const TYPES = { IEND: 0x49454e44, tEXt: 0x74455874, zTXt: 0x7a545874, iTXt: 0x69545874 } as const;

function isXmp(file: Buffer, at: number): boolean {
  return file.toString('latin1', at, at + XMP_KEYWORD.length) === XMP_KEYWORD;
}

/** Of a text without an end of its keyword nobody knows. */
function isCompressed(file: Buffer, at: number, end: number): boolean {
  const keywordEnd = file.subarray(at, Math.min(end, at + 80)).indexOf(0);
  return keywordEnd < 0 || file[at + keywordEnd + 1] !== 0;
}
