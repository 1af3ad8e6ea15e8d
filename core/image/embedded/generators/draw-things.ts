import { parseRecord, textOf, without } from '../json.ts';
import { type Recovered, toRecovered } from '../recovered.ts';
import { type Texts, USER_COMMENT } from '../texts.ts';
import type { Xmp } from '../xmp.ts';

/** Draw Things: JSON in the XMP property `exif:UserComment`, or in EXIF; `c` is the prompt, `uc` the negative one. */
export function readDrawThings(texts: Texts, xmp: Xmp): Recovered | null {
  const record = parseRecord(xmp.get('exif:UserComment') ?? '') ?? texts.record(USER_COMMENT);
  const prompt = textOf(record, 'c');
  const known = xmp.get('xmp:CreatorTool')?.startsWith('Draw Things') || (record && 'uc' in record);
  if (record === null || prompt === null || !known) return null;
  return toRecovered({
    generator: 'Draw Things',
    prompt,
    negativePrompt: textOf(record, 'uc'),
    parameters: without(record, 'c', 'uc'),
  });
}
