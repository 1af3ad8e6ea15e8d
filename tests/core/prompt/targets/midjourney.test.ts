import { describe, expect, test } from '@jest/globals';
import { compose, prompt, reasons } from '../composing.ts';
import { GREY, measurements, seen } from '../samples.ts';

const grey = { look: measurements(GREY), analysis: seen('a cat') };

describe('a Midjourney prompt', () => {
  test.each([
    ['6.1', / --ar 3:2 --no color$/],
    ['7', / --ar 3:2 --no color$/],
    ['8.1', /[^-]* --ar 3:2$/],
  ] as const)(
    'for version %s excludes colour from a grey picture only if the version can',
    (version, end) => {
      expect(prompt('midjourney', { ...grey, midjourneyVersion: version })).toMatch(end);
    },
  );

  test('excludes nothing that is not proved to be absent', () => {
    expect(prompt('midjourney', { analysis: seen('a cat') })).not.toContain('--no');
  });

  test("leaves a person's own exclusion alone", () => {
    expect(prompt('midjourney', { ...grey, suffix: '--no people' })).toMatch(/ --no people --ar 3:2$/);
  });

  test('has no ratio but one of small integers', () => {
    const composed = compose('midjourney', { look: measurements({ composition: { aspect: '1999:1333' } }) });
    expect(composed.prompt).not.toContain('--');
    expect(reasons(composed)).toContain('landscape format, 1999:1333: the size of the picture sets it');
  });
});
