import type { VisionRequest } from './vision-request.ts';

/** Left, top, width and height as fractions of the image. */
type Area = readonly [x: number, y: number, w: number, h: number];

/** What the fake service sees in an image; it answers the part of it that was asked for. */
export interface Scene {
  readonly caption: readonly [text: string, confidence: number];
  readonly regions: readonly (readonly [text: string, confidence: number, area: Area])[];
  readonly tags: readonly (readonly [name: string, confidence: number])[];
  readonly objects: readonly (readonly [name: string, confidence: number, area: Area])[];
  readonly people: readonly (readonly [confidence: number, area: Area])[];
  /** A word's confidence is the same as that of its line. */
  readonly lines: readonly (readonly [text: string, confidence: number, area: Area])[];
}

export const HARBOUR: Scene = {
  caption: ['a red fishing boat moored in a small harbour at dusk', 0.81],
  regions: [
    ['a red fishing boat moored in a small harbour at dusk', 0.81, [0, 0, 1, 1]],
    ['a red boat with a white cabin', 0.77, [0.2, 0.4, 0.5, 0.4]],
    ['a man standing on a pier', 0.69, [0.75, 0.45, 0.15, 0.35]],
  ],
  tags: [
    ['water', 0.995],
    ['boat', 0.982],
    ['outdoor', 0.974],
    ['harbour', 0.913],
    ['sky', 0.905],
    ['dusk', 0.642],
  ],
  objects: [
    ['Boat', 0.873, [0.2, 0.4, 0.5, 0.4]],
    ['person', 0.741, [0.75, 0.45, 0.15, 0.35]],
  ],
  people: [
    [0.91, [0.75, 0.45, 0.15, 0.35]],
    [0.0017, [0, 0.1, 0.05, 0.2]],
  ],
  lines: [['MARIE 42', 0.96, [0.25, 0.6, 0.2, 0.06]]],
};

/** An `ImageAnalysisResult` with only the features that were asked for, its boxes in pixels of the image sent. */
export function answerTo({ features, width, height, modelVersion }: VisionRequest, scene: Scene): object {
  const asked = new Set<string>(features);
  const boundingBox = ([x, y, w, h]: Area) => ({
    ...{ x: Math.round(x * width), y: Math.round(y * height) },
    ...{ w: Math.round(w * width), h: Math.round(h * height) },
  });
  const boundingPolygon = (area: Area) => {
    const { x, y, w, h } = boundingBox(area);
    return [
      { x, y },
      { x: x + w, y },
      { x: x + w, y: y + h },
      { x, y: y + h },
    ];
  };
  const [text, confidence] = scene.caption;
  return {
    modelVersion: modelVersion === 'latest' ? '2023-10-01' : modelVersion,
    metadata: { width, height },
    ...(asked.has('caption') && { captionResult: { text, confidence } }),
    ...(asked.has('denseCaptions') && {
      denseCaptionsResult: {
        values: scene.regions.map(([text, confidence, area]) => ({
          ...{ text, confidence, boundingBox: boundingBox(area) },
        })),
      },
    }),
    ...(asked.has('tags') && {
      tagsResult: { values: scene.tags.map(([name, confidence]) => ({ name, confidence })) },
    }),
    ...(asked.has('objects') && {
      objectsResult: {
        values: scene.objects.map(([name, confidence, area]) => ({
          ...{ boundingBox: boundingBox(area), tags: [{ name, confidence }] },
        })),
      },
    }),
    ...(asked.has('people') && {
      peopleResult: {
        values: scene.people.map(([confidence, area]) => ({ boundingBox: boundingBox(area), confidence })),
      },
    }),
    ...(asked.has('read') && {
      readResult: {
        // An image without text has no block, whatever the contract says of one.
        blocks: [
          {
            lines: scene.lines.map(([text, confidence, area]) => ({
              text,
              boundingPolygon: boundingPolygon(area),
              words: text
                .split(' ')
                .map((word) => ({ text: word, boundingPolygon: boundingPolygon(area), confidence })),
            })),
          },
        ].filter(({ lines }) => lines.length > 0),
      },
    }),
    ...(asked.has('smartCrops') && {
      smartCropsResult: { values: [{ aspectRatio: 1, boundingBox: boundingBox([0.1, 0, 0.8, 1]) }] },
    }),
  };
}
