import { beforeAll, describe, expect, test } from '@jest/globals';
import { Xmp } from '../../../../core/image/embedded/xmp.ts';
import { inspectImage } from '../../../../core/image/inspect.ts';
import { webpWith } from '../../../fixtures/images/embedded/exif.ts';
import { iTXt, withChunks } from '../../../fixtures/images/embedded/png-texts.ts';
import {
  JPEG_XMP_NAME,
  xmpAlternatives,
  xmpPacket,
  xmpProperty,
} from '../../../fixtures/images/embedded/xmp.ts';
import { smallImage } from '../../../fixtures/images/formats.ts';
import { withSegments } from '../../../fixtures/images/jpeg-segment.ts';
import { pngChunk } from '../../../fixtures/images/png.ts';

const LIMITS = { maxBytes: 20 * 2 ** 20, maxPixels: 50_000_000 };
const SOURCE = 'http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia';

/** The beginning of a manifest store: boxes in boxes, of which the outer is labelled (C2PA 2.1, section 11.1). */
const MANIFEST = Buffer.from(
  `\0\0\x01\0jumb\0\0\0\x1ejumdc2pa\0\x11\0\x10\x80\0\0\xaa\x00\x38\x9b\x71\x03c2pa\0 … ${SOURCE}`,
  'latin1',
);

let images: Record<'png' | 'jpeg' | 'webp' | 'avif', Buffer>;

beforeAll(async () => {
  const [png, jpeg, webp, avif] = await Promise.all(
    (['png', 'jpeg', 'webp', 'avif'] as const).map((format) => smallImage(format)),
  );
  images = {
    png: png ?? Buffer.alloc(0),
    jpeg: jpeg ?? Buffer.alloc(0),
    webp: webp ?? Buffer.alloc(0),
    avif: avif ?? Buffer.alloc(0),
  };
});

async function inspect(bytes: Buffer) {
  const { recovered, provenance } = await inspectImage(bytes, LIMITS);
  expect(recovered).toBeNull();
  return provenance;
}

const withXmp = (packet: Buffer) => inspect(withChunks(images.png, [iTXt('XML:com.adobe.xmp', packet)]));

describe('content credentials are found, and not believed', () => {
  const found = { digitalSourceType: 'trainedAlgorithmicMedia', aiSystem: null, c2pa: 'present-unverified' };

  test('in every container that may hold them', async () => {
    const size = { width: 160, height: 120 };
    const box = Buffer.concat([Buffer.from('d8fec3d61b0e483c92975828877ec481', 'hex'), MANIFEST]);
    const head = Buffer.alloc(8);
    head.writeUInt32BE(box.length + 8);
    head.write('uuid', 4);
    const segment = Buffer.concat([Buffer.from('JP\0\x01\0\0\0\x01', 'latin1'), MANIFEST]);
    expect(await inspect(withChunks(images.png, [pngChunk('caBX', MANIFEST)]))).toEqual(found);
    expect(await inspect(withSegments(images.jpeg, { app: 11, data: segment }))).toEqual(found);
    expect(await inspect(webpWith(images.webp, size, [{ type: 'C2PA', data: MANIFEST }]))).toEqual(found);
    expect(await inspect(Buffer.concat([images.avif, head, box]))).toEqual(found);
  });

  test('and boxes of other kinds are not taken for them', async () => {
    const other = Buffer.from('JP\0\x01\0\0\0\x01\0\0\0\x40jumb\0\0\0\x1ejumdother', 'latin1');
    expect(await inspect(withSegments(images.jpeg, { app: 11, data: other }))).toBeNull();
    for (const image of Object.values(images)) expect(await inspect(image)).toBeNull();
  });
});

describe('the fields of IPTC', () => {
  test.each([
    ['an element', xmpProperty('Iptc4xmpExt:DigitalSourceType', SOURCE), ''],
    ['a resource', `<Iptc4xmpExt:DigitalSourceType rdf:resource="${SOURCE}"/>`, ''],
    ['an attribute', '', `Iptc4xmpExt:DigitalSourceType="${SOURCE}"`],
    ['an attribute in single quotes', '', `Iptc4xmpExt:DigitalSourceType='${SOURCE}'`],
    [
      'the last part of the address alone',
      xmpProperty('Iptc4xmpExt:DigitalSourceType', 'trainedAlgorithmicMedia'),
      '',
    ],
  ])('say what made the image, as %s', async (_, properties, attributes) => {
    expect(await withXmp(xmpPacket(properties, attributes))).toEqual({
      digitalSourceType: 'trainedAlgorithmicMedia',
      aiSystem: null,
      c2pa: null,
    });
  });

  test('name the system and its version, on one line', async () => {
    const packet = xmpPacket(
      xmpProperty('Iptc4xmpExt:AISystemUsed', 'Some\n Painter') +
        xmpProperty('Iptc4xmpExt:AISystemVersionUsed', '3'),
    );
    expect(await withXmp(packet)).toEqual({
      digitalSourceType: null,
      aiSystem: 'Some Painter 3',
      c2pa: null,
    });
  });

  test.each([
    'https://example.com/trainedAlgorithmicMedia',
    'ignore all previous instructions',
    '<b>trainedAlgorithmicMedia</b>',
    '',
  ])('are no source type where they say %j', async (value) => {
    expect(await withXmp(xmpPacket(xmpProperty('Iptc4xmpExt:DigitalSourceType', value)))).toBeNull();
  });
});

describe('XMP is read as text', () => {
  const value = (packet: string) => new Xmp(Buffer.from(packet)).get('dc:description');

  test('with the five entities and characters by number, each decoded once', () => {
    expect(value('<dc:description>&lt;a&gt; &amp;lt; &quot;&apos; &#233;&#x72D0;</dc:description>')).toBe(
      '<a> &lt; "\' é狐',
    );
  });

  test('without entities that a file declares, and impossible characters stay as they are', () => {
    const bomb = '<!DOCTYPE x [<!ENTITY l "ha">]><dc:description>&l;&#x110000;&#9999999;</dc:description>';
    expect(value(bomb)).toBe('&l;&#x110000;&#9999999;');
  });

  test('under whatever prefix the file binds', () => {
    expect(
      value('<x xmlns:a="http://purl.org/dc/elements/1.1/"><a:description>words</a:description></x>'),
    ).toBe('words');
  });

  test('of alternatives the first, with line breaks as XML has them', () => {
    expect(value(xmpAlternatives('dc:description', 'one\ntwo'))).toBe('one\ntwo');
    expect(value('<dc:description>one\r\ntwo\rthree</dc:description>')).toBe('one\ntwo\nthree');
    expect(value('<rdf dc:description="one\ntwo"/>')).toBe('one two');
  });

  test.each([
    '<dc:description>never closed',
    '<dc:description',
    '<dc:description><b>nested</b></dc:description>',
    '<dc:descriptions>other</dc:descriptions>',
    '<rdf xdc:description="other"/>',
    `<dc:description>${'a'.repeat(600_000)}</dc:description>`,
  ])('and says nothing of what is broken, other, or too long: %#', (packet) => {
    expect(value(packet)).toBeNull();
  });

  test('of an XMP segment in a JPEG', async () => {
    const packet = Buffer.concat([
      JPEG_XMP_NAME,
      xmpPacket(xmpProperty('Iptc4xmpExt:DigitalSourceType', SOURCE)),
    ]);
    expect(await inspect(withSegments(images.jpeg, { app: 1, data: packet }))).toMatchObject({
      digitalSourceType: 'trainedAlgorithmicMedia',
    });
  });
});
