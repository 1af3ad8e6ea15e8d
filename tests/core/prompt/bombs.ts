import { composePrompts } from '../../../core/prompt/compose.ts';
import { FACT_KINDS, TARGETS } from '../../../core/prompt/document.ts';
import { measurements } from './samples.ts';

/** The body of a child process: composes what a hostile document holds, which must not take hours. */
const TEXTS = [' '.repeat(500_000), ': '.repeat(250_000), '\u0316\u0301'.repeat(250_000)];

for (const kind of FACT_KINDS) {
  for (const text of TEXTS) {
    const fact = { kind, text: `a${text}x`, confidence: 0.9, source: 'embedded', box: null } as const;
    composePrompts(
      { facts: [fact], measurements: measurements() },
      { targets: TARGETS, midjourneyVersion: '7' },
    );
  }
}
process.stdout.write('composed');
