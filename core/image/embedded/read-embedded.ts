import type { Metadata } from 'sharp';
import type { ImageFormat } from '../image.ts';
import { exifTexts } from './exif-texts.ts';
import { GENERATORS } from './generators/generators.ts';
import { parseRecord } from './json.ts';
import { type Part, parts } from './parts.ts';
import { pngTexts } from './png-text.ts';
import { readProvenance } from './provenance.ts';
import type { Provenance, Recovered } from './recovered.ts';
import { readStealth } from './stealth.ts';
import { decodeText, JPEG_COMMENT, MAX_TEXT, Texts } from './texts.ts';
import { Xmp } from './xmp.ts';

export interface Embedded {
  readonly recovered: Recovered | null;
  readonly provenance: Provenance | null;
}

/** What the decoder says of the file: its blocks of metadata, and its size as it is stored. */
export type Header = Pick<Metadata, 'exif' | 'xmp' | 'width' | 'height' | 'hasAlpha'>;

/**
 * The prompt that an image's generator left in the file, and what the file says of its origin. Whatever is missing,
 * broken or hostile says nothing: this never throws, and the work is bounded whatever the bytes are.
 */
export async function readEmbedded(
  bytes: Uint8Array,
  format: ImageFormat,
  header: Header,
): Promise<Embedded> {
  const pieces = [...parts(bytes, format)];
  const xmp = new Xmp(header.xmp);
  const provenance = attempt(() => readProvenance(pieces, format, xmp));
  const texts = attempt(() => new Texts([...textsOf(pieces, format), ...exifTexts(header.exif)]));
  const written = texts && recover(texts, xmp);
  return { recovered: written ?? (await recoverHidden(bytes, format, header)), provenance };
}

function* textsOf(pieces: readonly Part[], format: ImageFormat): Iterable<readonly [string, string]> {
  if (format === 'png') yield* pngTexts(pieces);
  if (format !== 'jpeg') return;
  const comment = pieces.find(({ type, data }) => type === 'fe' && data.length <= MAX_TEXT);
  if (comment) yield [JPEG_COMMENT, decodeText(comment.data)];
}

/** The first that recovers everything, or else the first that recovers part. */
function recover(texts: Texts, xmp: Xmp): Recovered | null {
  let partial: Recovered | null = null;
  for (const read of GENERATORS) {
    const recovered = attempt(() => read(texts, xmp));
    if (recovered?.completeness === 'full') return recovered;
    partial ??= recovered;
  }
  return partial;
}

async function recoverHidden(
  bytes: Uint8Array,
  format: ImageFormat,
  { width, height, hasAlpha }: Header,
): Promise<Recovered | null> {
  const hidden = await readStealth(bytes, { format, width, height, hasAlpha }).catch(() => null);
  if (hidden === null) return null;
  // NovelAI hides the texts that it writes, by keyword; others hide the one text that they write.
  const named = Object.entries(parseRecord(hidden) ?? {}).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return recover(new Texts(named.length > 0 ? named : [['parameters', hidden]]), new Xmp(undefined));
}

function attempt<Result>(read: () => Result): Result | null {
  try {
    return read();
  } catch {
    return null;
  }
}
