import { sharp } from '../../core/image/sharp.ts';
import type { Canvas } from './canvas.ts';
import { exifOf, type Shot } from './exif.ts';
import { foggyForest } from './foggy-forest.ts';
import { mountainsAtNight } from './mountains-at-night.ts';
import { stillLifeWithOranges } from './still-life-with-oranges.ts';
import { sunsetOverTheSea } from './sunset-over-the-sea.ts';

export interface SampleImage {
  /** As a blob. */
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly contentType: string;
}

interface Sample {
  readonly name: string;
  readonly paint: () => Canvas;
  readonly shot: Shot;
}

const SAMPLES: readonly Sample[] = [
  {
    name: 'samples/sunset-over-the-sea.jpg',
    paint: sunsetOverTheSea,
    shot: {
      model: 'Atelier One',
      lens: 'Sample Prime 85mm f/1.8',
      focalLength: 85,
      aperture: 5.6,
      exposure: 1 / 500,
      iso: 100,
      takenAt: '2026:06:21 20:47:12',
    },
  },
  {
    name: 'samples/mountains-at-night.jpg',
    paint: mountainsAtNight,
    shot: {
      model: 'Atelier One',
      lens: 'Sample Wide 20mm f/1.4',
      focalLength: 20,
      aperture: 1.4,
      exposure: 8,
      iso: 3200,
      takenAt: '2026:01:03 23:10:40',
    },
  },
  {
    name: 'samples/foggy-forest.jpg',
    paint: foggyForest,
    shot: {
      model: 'Atelier One',
      lens: 'Sample Prime 50mm f/1.4',
      focalLength: 50,
      aperture: 4,
      exposure: 1 / 125,
      iso: 400,
      takenAt: '2026:10:18 07:32:05',
    },
  },
  {
    name: 'samples/still-life-with-oranges.webp',
    paint: stillLifeWithOranges,
    shot: {
      model: 'Atelier Studio',
      lens: 'Sample Macro 100mm f/2.8',
      focalLength: 100,
      aperture: 8,
      exposure: 1 / 60,
      iso: 200,
      takenAt: '2026:02:14 15:20:33',
    },
  },
];

/** Paints four pictures, each when it is asked for; the same bytes every time. */
export async function* paintSamples(): AsyncGenerator<SampleImage, void> {
  for (const { name, paint, shot } of SAMPLES) {
    const canvas = paint();
    const raw = { width: canvas.width, height: canvas.height, channels: 3 } as const;
    const picture = sharp(canvas.rgb(), { raw }).withExif(exifOf(shot));
    const webp = name.endsWith('.webp');
    const encoded = webp ? picture.webp({ quality: 88 }) : picture.jpeg({ quality: 90 });
    const bytes = await encoded.toBuffer();
    yield { name, bytes, contentType: webp ? 'image/webp' : 'image/jpeg' };
  }
}
