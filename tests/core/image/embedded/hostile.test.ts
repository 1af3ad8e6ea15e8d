import { deflateSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parts } from '../../../../core/image/embedded/parts.ts';
import { pngTexts } from '../../../../core/image/embedded/png-text.ts';
import { type Header, readEmbedded } from '../../../../core/image/embedded/read-embedded.ts';
import { inspectImage } from '../../../../core/image/inspect.ts';
import { exifBlock, jpegWithExif, userComment, webpWith } from '../../../fixtures/images/embedded/exif.ts';
import { infotext, PROMPT } from '../../../fixtures/images/embedded/infotexts.ts';
import { iTXt, tEXt, withChunks, zTXt } from '../../../fixtures/images/embedded/png-texts.ts';
import { hideBytes } from '../../../fixtures/images/embedded/stealth.ts';
import { smallImage } from '../../../fixtures/images/formats.ts';
import { withSegments } from '../../../fixtures/images/jpeg-segment.ts';
import { pngChunk, uint32 } from '../../../fixtures/images/png.ts';

const LIMITS = { maxBytes: 20 * 2 ** 20, maxPixels: 50_000_000 };
const NOTHING = { recovered: null, provenance: null };
const HEADER: Header = { width: 160, height: 120, hasAlpha: false };

const [png, jpeg, webp] = await Promise.all([smallImage('png'), smallImage('jpeg'), smallImage('webp')]);
const good = iTXt('parameters', infotext());

/** The texts that are read, as keyword and length. */
const read = (image: Buffer) =>
  [...pngTexts(parts(image, 'png'))].map(([keyword, text]) => [keyword, text.length]);

describe('a text that is too long costs nothing', () => {
  const huge = withChunks(png, [
    pngChunk('tEXt', Buffer.concat([Buffer.from('parameters\0'), Buffer.alloc(64 * 2 ** 20, 0x61)])),
    good,
  ]);

  test('of 64 MB: it is stepped over as one part of the file, without a copy', () => {
    const all = [...parts(huge, 'png')];
    expect(all.length).toBe([...parts(png, 'png')].length + 2);
    expect(all.every(({ data }) => data.buffer === huge.buffer)).toBe(true);
    expect(read(huge)).toEqual([['parameters', infotext().length]]);
  });

  test('of 64 MB: what stands behind it is still found', async () => {
    const before = process.memoryUsage().arrayBuffers;
    expect(await readEmbedded(huge, 'png', HEADER)).toMatchObject({ recovered: { prompt: PROMPT } });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 20);
  });

  test.each([
    ['zTXt', zTXt('parameters', Buffer.alloc(64 * 2 ** 20, 0x61))],
    ['iTXt', iTXt('parameters', Buffer.alloc(64 * 2 ** 20, 0x61), true)],
  ])('when a %s inflates to 64 MB', (_, bomb) => {
    expect(read(withChunks(png, [bomb, good]))).toEqual([['parameters', infotext().length]]);
  });

  test('when there are many, after 2 MiB in all', () => {
    const many = (chunk: Buffer) => read(withChunks(png, [...Array.from({ length: 60 }, () => chunk), good]));
    const whole = Buffer.alloc(500 * 1024, 0x61);
    expect(many(tEXt('other', whole))).toHaveLength(4);
    expect(many(zTXt('other', whole))).toHaveLength(4);
    expect(many(zTXt('other', Buffer.alloc(1200 * 1024, 0x61)))).toEqual([]);
  });
});

describe('what lies or is broken says nothing, and fails nothing', () => {
  const lying = Buffer.from(good);
  lying.writeUInt32BE(2 ** 31 - 1);
  const unknownMethod = pngChunk('zTXt', Buffer.from('parameters\0\x05abc', 'latin1'));
  const cutText = pngChunk(
    'zTXt',
    Buffer.concat([Buffer.from('parameters\0\0'), deflateSync('a').subarray(0, 4)]),
  );

  test('a chunk whose length is longer than the file', async () => {
    expect(await readEmbedded(withChunks(png, [lying]), 'png', HEADER)).toEqual(NOTHING);
  });

  test.each([
    ['a text without a keyword', pngChunk('tEXt', Buffer.from('\0text'))],
    ['a text without an end of its keyword', pngChunk('tEXt', Buffer.from('parameters'))],
    ['a keyword that is too long', tEXt('k'.repeat(80), 'text')],
    ['an empty chunk', pngChunk('iTXt', Buffer.alloc(0))],
    ['an iTXt that ends in its header', pngChunk('iTXt', Buffer.from('parameters\0\0\0en'))],
    ['an unknown compression', unknownMethod],
    ['a compressed text that is cut', cutText],
    ['the name of a person', tEXt('Author', 'somebody')],
  ])('%s', (_, chunk) => {
    expect(read(withChunks(png, [chunk, good]))).toEqual([['parameters', infotext().length]]);
  });

  test('more chunks than any image has', () => {
    const empty = pngChunk('teSt', Buffer.alloc(0));
    const many = withChunks(
      png,
      Array.from({ length: 30_000 }, () => empty),
    );
    expect([...parts(many, 'png')]).toHaveLength(20_000);
  });

  test('segments, boxes and RIFF chunks that lie', () => {
    const riff = Buffer.concat([webp.subarray(0, 12), Buffer.from('EXIF'), uint32(0xffffffff)]);
    expect([...parts(riff, 'webp')]).toEqual([]);
    expect([...parts(Buffer.from('\xff\xd8\xff\xe1\0\x01', 'latin1'), 'jpeg')]).toEqual([]);
    expect([...parts(Buffer.from('\xff\xd8\xff\xff\xff\xff\xff\xff', 'latin1'), 'jpeg')].length).toBeLessThan(
      8,
    );
    expect([...parts(Buffer.alloc(64), 'avif')]).toEqual([]);
    expect([...parts(Buffer.alloc(64), 'gif')]).toEqual([]);
  });

  test('stealth signatures with no text, too much, or bytes that are no gzip', async () => {
    const lengths = [0, 7, 0xffffffff, 160 * 120 * 2, 800];
    for (const length of lengths) {
      const hidden = Buffer.concat([Buffer.from('stealth_pngcomp'), uint32(length), Buffer.alloc(100, 0x55)]);
      const image = await hideBytes(png, hidden, 'alpha');
      expect(await inspectImage(image, LIMITS)).toMatchObject(NOTHING);
    }
  });
});

const NAMES = [
  'parameters',
  'prompt',
  'workflow',
  'Dream',
  'sd-metadata',
  'invokeai_metadata',
  'Comment',
  'Description',
];

/** Bytes that begin as something that is read, and go on as they like. */
const anything = fc
  .tuple(
    fc.constantFrom(
      '',
      '{',
      '{"sui_image_params":{"prompt":',
      '"a" -s',
      'a\nNegative prompt:',
      'prompt:{"1":{',
      '<x:xmpmeta ',
    ),
    fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.json().map((json) => Buffer.from(json)),
    ),
  )
  .map(([start, rest]) => Buffer.concat([Buffer.from(start), rest]));

/** JSON with the names that readers look for, and values of any kind. */
const lookalike = fc
  .dictionary(
    fc.constantFrom(
      '1',
      'inputs',
      'class_type',
      'prompt',
      'image',
      'uc',
      'c',
      'v4_prompt',
      'caption',
      'nodes',
      'links',
      'positive_prompt',
      'sui_image_params',
      '__proto__',
    ),
    fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        fc.constantFrom('KSampler', 'x'),
        fc.double(),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(
          fc.constantFrom(
            'inputs',
            'class_type',
            'prompt',
            'positive',
            'seed',
            'text',
            'caption',
            'char_captions',
          ),
          tie('value'),
          { maxKeys: 5 },
        ),
      ),
    })).value,
  )
  .map((record) => Buffer.from(JSON.stringify(record)));

describe('arbitrary bytes never fail an image', () => {
  const hostile = fc.oneof(anything, lookalike);

  test('in the texts of a PNG', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...NAMES),
        hostile,
        fc.constantFrom(tEXt, iTXt, zTXt),
        async (name, bytes, chunk) => {
          const { recovered } = await readEmbedded(withChunks(png, [chunk(name, bytes)]), 'png', HEADER);
          expect(recovered === null || recovered.prompt.trim() !== '').toBe(true);
        },
      ),
      { numRuns: 300 },
    );
  });

  test('in chunks and segments of any kind', async () => {
    const segment = fc.record({
      app: fc.nat(15),
      data: fc.oneof(fc.uint8Array({ maxLength: 100 }), hostile),
    });
    const type = fc.constantFrom('tEXt', 'zTXt', 'iTXt', 'caBX', 'eXIf');
    await fc.assert(
      fc.asyncProperty(
        fc.array(segment, { maxLength: 5 }),
        type,
        fc.uint8Array({ maxLength: 100 }),
        async (segments, kind, bytes) => {
          const marked = withSegments(
            jpeg,
            ...segments.map(({ app, data }) => ({ app, data: Buffer.from(data) })),
          );
          await readEmbedded(marked, 'jpeg', {
            ...HEADER,
            exif: Buffer.from(bytes),
            xmp: Buffer.from(bytes),
          });
          await readEmbedded(withChunks(png, [pngChunk(kind, bytes)]), 'png', HEADER);
        },
      ),
      { numRuns: 200 },
    );
  });

  test('in EXIF, damaged anywhere', async () => {
    const block = exifBlock([userComment(infotext(), 'unicode-be')]);
    const damage = fc.array(fc.tuple(fc.nat(block.length - 1), fc.nat(255)), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(damage, fc.nat(block.length), async (changes, length) => {
        const exif = Buffer.from(block);
        for (const [at, byte] of changes) exif[at] = byte;
        await readEmbedded(jpeg, 'jpeg', { ...HEADER, exif: exif.subarray(0, length) });
      }),
      { numRuns: 300 },
    );
  });

  test('as the file that libvips reads', async () => {
    const bytes = Buffer.from('Exif\0\0MM\0*\xff\xff\xff\xff', 'latin1');
    const size = { width: 160, height: 120 };
    const odd = [jpegWithExif(jpeg, bytes), webpWith(webp, size, [{ type: 'EXIF', data: bytes }])];
    for (const image of odd) expect(await inspectImage(image, LIMITS)).toMatchObject(NOTHING);
  });
});
