const START_OF_SCAN = 0xda;

const END_OF_IMAGE = Uint8Array.of(0xff, 0xd9);

/**
 * - `empty`: it ends before its first pixel.
 * - `open`: it has pixels, but no end of image follows them.
 * - `complete`: an end of image follows; so may anything else, such as a gain map or an archive.
 */
export type JpegEnd = 'empty' | 'open' | 'complete';

/**
 * How a JPEG ends. In the data of a scan a byte 0xFF is always followed by 0x00, so the two bytes of the end marker are
 * found nowhere else in it (ITU-T T.81, F.1.2.3).
 */
export function jpegEnd(bytes: Uint8Array): JpegEnd {
  const start = scanStart(bytes);
  if (start === undefined || start >= bytes.length) return 'empty';
  // From the back: there it is found at once.
  const end = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).lastIndexOf(END_OF_IMAGE);
  return end >= start ? 'complete' : 'open';
}

export function withEnd(jpeg: Uint8Array): Uint8Array {
  return Buffer.concat([jpeg, END_OF_IMAGE]);
}

/** Where the data of the first scan begin. A segment is 0xFF, its marker, and a length that counts itself (B.1.1.4). */
function scanStart(bytes: Uint8Array): number | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 2;
  while (at + 4 <= bytes.length) {
    const marker = view.getUint8(at + 1);
    // Any number of 0xFF may stand before a marker.
    if (marker === 0xff) {
      at++;
      continue;
    }
    const end = at + 2 + view.getUint16(at + 2);
    if (marker === START_OF_SCAN) return end;
    at = end;
  }
  return undefined;
}
