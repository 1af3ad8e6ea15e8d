import { NOTHING_FOUND, type Vision } from './vision.ts';

/** The provider that looks at nothing: the prompt then rests on what pixels and metadata prove, and says so. */
export function localVision(): Vision {
  return {
    provider: 'local',
    model: null,
    needsPixels: false,
    async analyze(_image, { signal }) {
      signal.throwIfAborted();
      return { ...NOTHING_FOUND, provider: 'local', degraded: true, reason: 'no-describing-provider' };
    },
  };
}
