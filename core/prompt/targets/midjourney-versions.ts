export const MIDJOURNEY_VERSIONS = ['6.1', '7', '8.1'] as const;

export type MidjourneyVersion = (typeof MIDJOURNEY_VERSIONS)[number];

/**
 * What the versions of Midjourney read. `--ar` is common to all of them, multi-prompts with `::` are not and never come
 * from us. The parameter list published for 8.1 has no `--no`, and an unknown parameter makes it refuse the whole prompt.
 */
export const MIDJOURNEY = {
  '6.1': { no: true },
  '7': { no: true },
  '8.1': { no: false },
} as const satisfies Record<MidjourneyVersion, { readonly no: boolean }>;

/** The version that an account has unless it asks for another. */
export const DEFAULT_MIDJOURNEY: MidjourneyVersion = '7';
