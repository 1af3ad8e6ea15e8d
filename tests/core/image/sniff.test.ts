import { expect, test } from '@jest/globals';
import { sniffImage } from '../../../core/image/sniff.ts';
import { isoFile } from '../../fixtures/images/foreign.ts';
import { smallImages } from '../../fixtures/images/formats.ts';

function sniff(start: string): string {
  const sniffed = sniffImage(Buffer.from(start.padEnd(200, '\0'), 'latin1'));
  return 'refused' in sniffed ? sniffed.refused : sniffed.format;
}

test('the six formats that are described are told by their bytes', async () => {
  for (const { format, bytes } of await smallImages()) expect(sniffImage(bytes)).toEqual({ format });
});

test('both byte orders of TIFF and BigTIFF are TIFF', () => {
  expect(['II*\0', 'MM\0*', 'II+\0', 'MM\0+'].map(sniff)).toEqual(['tiff', 'tiff', 'tiff', 'tiff']);
});

test.each([
  ['BMtttt\0\0\0\0', 'a BMP image'],
  ['\0\0\x01\0', 'an icon'],
  ['8BPS\0\x01', 'a Photoshop document'],
  ['%PDF-1.7', 'a PDF document'],
  ['PK\x03\x04', 'a ZIP archive'],
  ['\xff\x0a', 'a JPEG XL image'],
  ['\0\0\0\x0cjP  ', 'a JPEG 2000 image'],
  ['\x1aE\xdf\xa3', 'a video'],
  ['RIFF\0\0\0\0AVI ', 'a video'],
  ['\xef\xbb\xbf\n<svg ', 'an SVG drawing'],
  ['<?xml version="1.0"?><!-- a --><svg ', 'an SVG drawing'],
  ['<?xml version="1.0"?><note>', 'an XML document'],
  ['<!-- a -->\n<!DOCTYPE html>', 'an HTML page'],
  ['\x89PNG\r\n\x1a\n\0\0\0\x04CgBI', 'in no image format known here'],
  ['\x01\x02\x03', 'in no image format known here'],
])('%j is refused with the name of what it is', (start, what) => {
  expect(sniff(start)).toBe(`This is ${what}; JPEG, PNG, WebP, GIF, TIFF and AVIF can be described.`);
});

test('the brands of an HEIF container tell AVIF from HEIC and from video', () => {
  const kinds = [
    isoFile('avif', ['mif1', 'miaf']),
    isoFile('avis', ['msf1']),
    isoFile('mif1', ['avif', 'miaf']),
    isoFile('mif1', ['heic']),
    isoFile('heix', []),
    isoFile('mif1', ['miaf']),
    isoFile('mp42', ['isom', 'avif']),
  ].map((bytes) => Object.values(sniffImage(bytes))[0]?.replace(/;.*/, ''));
  expect(kinds).toEqual([
    'avif',
    'avif',
    'avif',
    'This is a HEIC image',
    'This is a HEIC image',
    'This is an HEIF image that is not AVIF',
    'This is a video',
  ]);
});

test('a text that begins with the letters BM is not taken for a bitmap', () => {
  expect(sniffImage(Buffer.from('BMW builds cars and motorcycles.'))).toEqual({
    refused: expect.stringContaining('This is text;'),
  });
});
