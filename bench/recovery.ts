import { readEmbedded } from '../core/image/embedded/read-embedded.ts';
import type { ImageFormat } from '../core/image/image.ts';
import { sharp } from '../core/image/sharp.ts';
import { median, quantile } from './figures.ts';

export interface Recovery {
  readonly name: string;
  /** Milliseconds that looking for an original adds to an image that has none. */
  readonly median: number;
  readonly p95: number;
}

const WARM_UP = 5;

/** What recovery adds to images without metadata: the photo, and what a PNG or a transparent image costs beyond it. */
export async function timeRecovery(photo: Uint8Array, rounds: number): Promise<Recovery[]> {
  const image = (side: number) => sharp(photo).resize(side, side, { fit: 'cover' });
  const png = { compressionLevel: 2 };
  const lossless = (side: number) =>
    image(side).ensureAlpha(0.5).webp({ lossless: true, effort: 0 }).toBuffer();
  const images: readonly (readonly [name: string, bytes: Uint8Array])[] = [
    ['JPEG, 12 MP', await sharp(photo).jpeg({ quality: 88 }).toBuffer()],
    ['PNG, 12 MP', await sharp(photo).png(png).toBuffer()],
    ['PNG with alpha, 12 MP', await sharp(photo).ensureAlpha().png(png).toBuffer()],
    ['PNG with alpha, 1024 px', await image(1024).ensureAlpha().png(png).toBuffer()],
    ['WebP, 1024 px', await image(1024).webp().toBuffer()],
    ['WebP without loss, with alpha, 1000 px', await lossless(1000)],
    // A multiple of 64: NovelAI may have hidden something in it, and only a whole decode can tell.
    ['WebP without loss, with alpha, 1024 px', await lossless(1024)],
    ['AVIF, 512 px', await image(512).avif({ effort: 0 }).toBuffer()],
  ];
  const rows: Recovery[] = [];
  for (const [name, bytes] of images) {
    const header = await sharp(bytes).metadata();
    // Only formats that are described were written above.
    const format = (header.format === 'heif' ? 'avif' : header.format) as ImageFormat;
    const times: number[] = [];
    for (let round = -WARM_UP; round < rounds; round++) {
      const start = performance.now();
      const { recovered, provenance } = await readEmbedded(bytes, format, header);
      if (round >= 0) times.push(performance.now() - start);
      if (recovered ?? provenance) throw new Error(`${name} has metadata`);
    }
    rows.push({ name, median: median(times), p95: quantile(times, 0.95) });
  }
  return rows;
}
