import ExifReader, { type ExifTags } from 'exifreader';
import type { Camera } from './image.ts';

export interface ExifFacts {
  readonly camera: Camera | null;
  /** ISO 8601; with an offset only where EXIF has one. */
  readonly capturedAt: string | null;
}

/**
 * The only tags that are decoded. Positions, serial numbers, owners, and maker notes are not among them, so they
 * cannot leave this file by mistake.
 */
const TAGS = [
  'Make',
  'Model',
  'LensModel',
  'FocalLength',
  'FNumber',
  'ExposureTime',
  'ISOSpeedRatings',
  'DateTimeOriginal',
  'OffsetTimeOriginal',
];

/** No JPEG can hold more, and reading a hostile block takes its time. */
const MAX_BLOCK = 64 * 1024;

const MAX_TEXT = 64;

const NOTHING: ExifFacts = { camera: null, capturedAt: null };

/** Reads an EXIF block as image decoders give it. Broken EXIF is common and never an error: it says nothing. */
export function readExif(block: Uint8Array | undefined): ExifFacts {
  if (!block || block.length > MAX_BLOCK) return NOTHING;
  try {
    return toFacts(readTags(block));
  } catch {
    return NOTHING;
  }
}

function readTags(block: Uint8Array): ExifTags {
  // Behind its name an EXIF block is a TIFF file without pixels, and is read as one.
  const name = Buffer.from('Exif\0\0', 'latin1');
  const tiff = name.equals(block.subarray(0, name.length)) ? block.subarray(name.length) : block;
  // A copy: the reader looks at the whole of an ArrayBuffer.
  return (
    ExifReader.load(Uint8Array.from(tiff).buffer, { expanded: true, includeTags: { exif: TAGS } }).exif ?? {}
  );
}

function toFacts(tags: ExifTags): ExifFacts {
  const camera: Camera = {
    make: text(tags.Make),
    model: text(tags.Model),
    lens: text(tags.LensModel),
    focalLength: positive(tags.FocalLength),
    aperture: positive(tags.FNumber),
    exposure: positive(tags.ExposureTime),
    iso: positive(tags.ISOSpeedRatings),
  };
  const known = Object.values(camera).some((value) => value !== null);
  return {
    camera: known ? camera : null,
    capturedAt: moment(tags.DateTimeOriginal, tags.OffsetTimeOriginal),
  };
}

/** The library's types say what EXIF should hold; a file may hold anything. */
type Tag = { readonly value: unknown } | undefined;

function text(tag: Tag): string | null {
  const first: unknown = Array.isArray(tag?.value) ? tag.value[0] : tag?.value;
  // ComfyUI keeps its graphs in the tags of the camera; they are read as what they are, elsewhere.
  if (typeof first !== 'string' || /^(?:prompt|workflow):\s*\{/i.test(first)) return null;
  const clean = first.replace(/\p{C}/gu, ' ').replace(/\s+/g, ' ').trim();
  // Cameras fill unknown fields with dashes.
  return /[\p{L}\p{N}]/u.test(clean) ? [...clean].slice(0, MAX_TEXT).join('').trim() : null;
}

/** A number or a rational (numerator and denominator), to the six digits that any camera means. */
function positive(tag: Tag): number | null {
  const value: unknown = tag?.value;
  const [numerator, denominator] = Array.isArray(value) ? value : [value];
  const number = typeof denominator === 'number' ? Number(numerator) / denominator : Number(numerator);
  return Number.isFinite(number) && number > 0 ? Number(number.toPrecision(6)) : null;
}

/** EXIF 2.31 section 4.6.5: local time as `YYYY:MM:DD HH:MM:SS`; the offset, if any, is a tag of its own. */
function moment(time: Tag, offset: Tag): string | null {
  const [, date, clock] = /^(\d{4}:\d\d:\d\d) (\d\d:\d\d:\d\d)$/.exec(text(time) ?? '') ?? [];
  const local = `${date?.replaceAll(':', '-')}T${clock}`;
  const parsed = new Date(`${local}Z`);
  // Date rolls 31 February over into March, and 0000-00-00 is no date at all.
  if (Number.isNaN(parsed.getTime()) || parsed.toISOString().slice(0, local.length) !== local) return null;
  const zone = /^[+-](0\d|1[0-4]):[0-5]\d$/.exec(text(offset) ?? '');
  return `${local}${zone?.[0] ?? ''}`;
}
