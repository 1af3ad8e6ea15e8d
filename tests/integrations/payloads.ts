import { NOTHING_COUNTED, newBatch } from '../../core/batch/record.ts';
import { RefusedError } from '../../core/errors.ts';
import { batchEvent, eventOf } from '../../core/notify/make-event.ts';
import { problemOf } from '../../core/problem.ts';
import { buildDocument } from '../../core/prompt/build-document.ts';
import type { ComposeOptions } from '../../core/prompt/compose.ts';
import { type PromptDocument, TARGETS, type Target } from '../../core/prompt/document.ts';
import type { Analysis } from '../../core/vision/vision.ts';
import { noticeOf } from '../../scripts/deploy/notice.ts';
import { EOS_R5, found, image, measurements, seen, tags } from '../core/prompt/samples.ts';

/** What receivers get from us: made by our own code of what might be seen in images. */

export type Payload = Readonly<Record<string, string | number | boolean | null>>;

export const ATTACK =
  'SALE!! <https://evil.example/a|click> <!channel> <@U1> [open](https://evil.example) **b** `c` ``` & @here www.evil.example a@evil.example \u202Egpj.exe';

const NAME = 'holiday/2026/cat & dog <1>.jpg';
const ADDRESS = 'https://account.blob.core.windows.net/images/holiday/2026/cat%20%26%20dog%20%3C1%3E.jpg';

interface Seen {
  readonly analysis?: Analysis;
  readonly options?: Partial<ComposeOptions>;
  readonly target?: Target;
  readonly embedded?: string;
}

const CAT = seen('a cat on a sofa', { tags: tags('cat', 'sofa'), text: [found('MEOW')] });

export function document({ analysis = CAT, options, target = 'plain', embedded }: Seen = {}): PromptDocument {
  const recovered = embedded
    ? {
        ...{ generator: 'a1111', prompt: embedded, negativePrompt: embedded },
        ...{ parameters: {}, completeness: 'full' as const },
      }
    : null;
  return buildDocument({
    image: { ...image(EOS_R5), recovered },
    stored: { container: 'images', name: NAME, url: ADDRESS, etag: '0x8D' },
    sha256: 'a'.repeat(64),
    measurements: measurements(),
    analysis,
    options: { targets: TARGETS, defaultTarget: target, midjourneyVersion: '7', ...options },
    settingsHash: 'b'.repeat(64),
    now: new Date('2026-11-21T08:00:00Z'),
    generator: 'prompt-generator/0.1.0',
  });
}

/** All that can be said at once: every setting at its longest, every finding at its longest. */
export function longestDocuments(letter: string): PromptDocument[] {
  const long = (letters: number) => `${letter.repeat(7)} `.repeat(Math.ceil(letters / letter.length / 7));
  const many = Array.from({ length: 40 }, (_, index) => found(`${index} ${long(900)}`));
  const analysis = seen(long(900), { tags: many, regions: many, objects: many, text: many });
  const options = { prefix: long(4_000), suffix: long(4_000), triggerWord: long(4_000) };
  return [
    ...TARGETS.map((target) => document({ analysis, options, target })),
    document({ analysis, options, embedded: long(32 * 1024) }),
  ];
}

/** Where the images are, as far as events name it. */
const IMAGES = {
  container: 'images',
  url: (name: string) =>
    `https://account.blob.core.windows.net/images/${name.split('/').map(encodeURIComponent).join('/')}`,
};
const NOW = Date.parse('2026-11-21T08:00:01.000Z');

export function promptCreated(made: PromptDocument = document()): Payload {
  return eventOf(
    { kind: 'prompt', name: made.image.name ?? NAME, etag: '0x8E', document: made },
    IMAGES,
    NOW,
  );
}

export function promptFailed(fields: Payload = {}): Payload {
  const error = new RefusedError('image-corrupt', { detail: 'The stream ends early.' });
  const problem = {
    ...problemOf(error, {}),
    ...{
      instance: NAME,
      code: error.code,
      sourceEtag: '0x8D',
      retryable: false,
      attempts: 1,
      nextTryAt: null,
    },
  };
  const failed = { kind: 'error', name: NAME, etag: '0x8F', problem } as const;
  return { ...eventOf(failed, IMAGES, NOW), ...fields };
}

export function batchFinished(fields: Payload = {}): Payload {
  const options = {
    prefix: 'holiday/',
    targets: null,
    force: false,
    stale: false,
    maxParallel: 4,
    dryRun: false,
  };
  const time = new Date(NOW).toISOString();
  const batch = {
    ...newBatch('b1', options, time),
    ...{ status: 'completed' as const, finishedAt: time, visionCalls: 2 },
    counts: { ...NOTHING_COUNTED, listed: 5, described: 3, reused: 1, unchanged: 1, refused: 1 },
  };
  return { ...batchEvent(batch, IMAGES.container, NOW), ...fields };
}

export function deploymentNotice(type = 'deployment.succeeded'): Payload {
  const env = {
    ...{ NOTICE_TYPE: type, NOTICE_ENVIRONMENT: 'production', NOTICE_VERSION: '1.2.3' },
    ...{ GITHUB_WORKFLOW: 'release', GITHUB_ACTOR: 'octocat', GITHUB_RUN_ID: '1' },
    GITHUB_SHA: '0123456789abcdef0123456789abcdef01234567',
    ...{ GITHUB_SERVER_URL: 'https://github.com', GITHUB_REPOSITORY: 'owner/prompt-generator' },
  };
  return { ...noticeOf(env, new Date('2026-11-21T08:00:00Z')) };
}
