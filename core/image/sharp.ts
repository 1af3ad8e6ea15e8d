import sharp from 'sharp';

/**
 * The one place sharp is taken from, so that its settings hold wherever it is used.
 *
 * Every loader is blocked first: libvips also reads SVG, PDF and a dozen rarely tested formats, some of which
 * open files or the network. The six that follow are the formats that are described; they read from memory only.
 */
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({
  operation: [
    'VipsForeignLoadJpegBuffer',
    'VipsForeignLoadPngBuffer',
    'VipsForeignLoadWebpBuffer',
    'VipsForeignLoadNsgifBuffer',
    'VipsForeignLoadTiffBuffer',
    'VipsForeignLoadHeifBuffer',
  ],
});

// No image is seen twice, so a cache only holds memory; images in flight are the parallelism, not threads per image.
sharp.cache(false);
sharp.concurrency(1);

/**
 * What libvips takes for a failure. `warning` would refuse JPEG with a few flipped bits, which every browser shows;
 * `truncated` would describe TIFF whose tables are cut off.
 */
export const FAIL_ON = 'error';

export { sharp };
