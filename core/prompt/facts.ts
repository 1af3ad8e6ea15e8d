import type { InspectedImage, Measurements } from '../image/image.ts';
import type { Analysis, Box, Finding } from '../vision/vision.ts';
import type { Fact } from './document.ts';
import { cleanText } from './safe-text.ts';
import { cameraWords, detailWords, formatWords, lightWords } from './vocabulary.ts';

export interface FactSources {
  readonly image: InspectedImage;
  readonly measurements: Measurements;
  readonly analysis: Analysis;
}

/**
 * Everything known of an image, always in the same order: what was seen, what was read, what was measured, what the
 * camera says, what the file says of how it was made. A measured fact has no confidence, for a measurement is not a
 * guess; a colour's share is in the document's palette, which lists the colours in the same order.
 */
export function collectFacts({ image, measurements, analysis }: FactSources): Fact[] {
  const { caption, regions, tags, objects, people, text, crops } = analysis;
  const { palette, light, composition } = measurements;
  const measured = (kind: Fact['kind'], words: readonly string[]) =>
    words.map((word) => fact(kind, 'pixels', { text: word, confidence: null, box: null }));
  const seen = (kind: Fact['kind'], findings: readonly Finding[]) =>
    findings.map((finding) => fact(kind, 'vision', finding));

  return [
    ...seen('caption', caption ? [{ ...caption, box: null }] : []),
    ...seen('region', regions),
    ...seen('tag', tags),
    ...seen('object', objects),
    ...seen('people', headcount(people)),
    ...seen('text', text),
    ...measured(
      'palette',
      palette.map(({ name }) => name),
    ),
    ...measured('light', lightWords(light)),
    ...measured('composition', [formatWords(composition), ...detailWords(measurements)]),
    ...crops.map(({ aspectRatio, box }) =>
      fact('composition', 'vision', { text: `crop of interest, ${aspectRatio}:1`, confidence: null, box }),
    ),
    ...(image.camera ? cameraWords(image.camera) : []).map((part) =>
      fact('camera', 'exif', { text: part.text, confidence: null, box: null }),
    ),
    ...embeddedTexts(image).map((text) =>
      fact('recovered', 'embedded', { text, confidence: null, box: null }),
    ),
  ].filter((one) => one.text !== '');
}

function fact(kind: Fact['kind'], source: Fact['source'], { text, confidence, box }: Finding): Fact {
  return { kind, text: cleanText(text), confidence, source, box };
}

/** The original prompt, and the file's word on its origin, which nobody has checked. */
function embeddedTexts({ recovered, provenance }: InspectedImage): string[] {
  const { digitalSourceType = null, aiSystem = null, c2pa = null } = provenance ?? {};
  return [
    ...(recovered ? [recovered.prompt] : []),
    ...(digitalSourceType === null
      ? []
      : [`${sourceWords(digitalSourceType)}: ${digitalSourceType} (unverified)`]),
    ...(aiSystem === null ? [] : [`AI system: ${aiSystem} (unverified)`]),
    ...(c2pa === null ? [] : ['content credentials (C2PA) present (unverified)']),
  ];
}

/** IPTC's terms for what a trained model made, wholly or in part (NewsCodes, digital source type). */
function sourceWords(digitalSourceType: string): string {
  if (/^trainedAlgorithmicMedia$/i.test(digitalSourceType)) return 'made by AI';
  return /trainedAlgorithmicMedia/i.test(digitalSourceType) ? 'made in part by AI' : 'digital source type';
}

/** The service lists shapes it hardly believes in (confidence 0.002): a person is counted from one half on. */
function headcount(people: readonly Finding[]): Finding[] {
  const counted = people.filter(({ confidence }) => confidence === null || confidence >= 0.5);
  if (counted.length === 0) return [];
  const known = counted.flatMap(({ confidence }) => (confidence === null ? [] : [confidence]));
  return [
    {
      text: counted.length === 1 ? '1 person' : `${counted.length} people`,
      confidence: known.length > 0 ? Math.min(...known) : null,
      box: around(counted.flatMap(({ box }) => (box ? [box] : []))),
    },
  ];
}

function around(boxes: readonly Box[]): Box | null {
  if (boxes.length === 0) return null;
  const x = Math.min(...boxes.map((box) => box.x));
  const y = Math.min(...boxes.map((box) => box.y));
  const right = Math.max(...boxes.map((box) => box.x + box.w));
  const bottom = Math.max(...boxes.map((box) => box.y + box.h));
  return { x, y, w: Math.min(1, right) - x, h: Math.min(1, bottom) - y };
}
