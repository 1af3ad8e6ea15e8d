import type { DescribeSettings } from '../describe/describe-bytes.ts';

export interface CountedAnswers {
  readonly settings: DescribeSettings;
  /** Answers of the provider so far, whether it costs anything or not. */
  answers(): number;
  /** Those that were paid for, whatever became of them: the prompt may not have been written, or the image be another. */
  calls(): number;
}

/** The same settings, with a provider whose answers are counted. */
export function countAnswers(settings: DescribeSettings): CountedAnswers {
  const { vision, analyses } = settings;
  const { provider, model, needsPixels } = vision;
  let answers = 0;
  return {
    settings: {
      ...settings,
      vision: {
        provider,
        model,
        needsPixels,
        async analyze(image, options) {
          const analysis = await vision.analyze(image, options);
          answers++;
          return analysis;
        },
      },
    },
    answers: () => answers,
    // What costs nothing is not kept, either.
    calls: () => (analyses === null ? 0 : answers),
  };
}
