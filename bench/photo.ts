import { paintSamples } from '../containerapp/samples/paint.ts';
import { sharp } from '../core/image/sharp.ts';

const WIDTH = 4032;
const HEIGHT = 3024;

/**
 * A JPEG of 12 megapixels that costs what a photograph costs: a painted scene with the noise of a sensor, without which
 * it would be a third of the size and decode too fast.
 */
export async function photo(): Promise<Uint8Array> {
  const { value: scene } = await paintSamples().next();
  if (!scene) throw new Error('there are no sample images');
  const noise = await sharp({
    create: {
      width: WIDTH,
      height: HEIGHT,
      channels: 3,
      background: '#808080',
      noise: { type: 'gaussian', mean: 128, sigma: 24 },
    },
  })
    .png({ compressionLevel: 0 })
    .toBuffer();
  return sharp(scene.bytes)
    .resize(WIDTH, HEIGHT, { fit: 'cover' })
    .composite([{ input: noise, blend: 'soft-light' }])
    .keepExif()
    .jpeg({ quality: 88 })
    .toBuffer();
}
