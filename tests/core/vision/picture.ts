import sharp from 'sharp';
import type { VisionImage } from '../../../core/vision/vision.ts';

/** A picture as it is sent, of these many pixels; `encoded` counts how often its JPEG was asked for. */
export function picture(width = 400, height = 200): VisionImage & { readonly encoded: number } {
  let encoded = 0;
  return {
    width,
    height,
    get encoded() {
      return encoded;
    },
    jpeg() {
      encoded++;
      return sharp({ create: { width, height, channels: 3, background: '#8a3324' } })
        .jpeg()
        .toBuffer();
    },
  };
}
