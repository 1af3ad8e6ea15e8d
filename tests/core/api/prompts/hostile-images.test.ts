import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parseConfig } from '../../../../core/config.ts';
import { describeImage } from '../../../../core/describe/describe-image.ts';
import { REFUSALS, type RefusalCode } from '../../../../core/errors.ts';
import { createLog } from '../../../../core/log.ts';
import { createProgram, type Program } from '../../../../core/program.ts';
import { errorName, isCandidate, promptName } from '../../../../core/store/names.ts';
import { readDocument, readProblem } from '../../../answers.ts';
import { startAzurite } from '../../../azurite.ts';
import { type HostileImage, hostileImages } from '../../../fixtures/images/hostile.ts';
import { HOSTS } from '../../../hosts.ts';
import { AMPLE_MS } from '../../../until.ts';

let azurite: Awaited<ReturnType<typeof startAzurite>>;
let images: HostileImage[];

beforeAll(async () => {
  azurite = await startAzurite();
  images = await hostileImages();
});
afterAll(() => azurite.close());

/** A body without bytes is a matter of HTTP; everything else is answered as a drop would be. */
function codeOverHttp(expected: HostileImage['expect']): RefusalCode | 'described' {
  return expected === 'empty-image' ? 'empty-body' : expected;
}

test('every row of the matrix has an image', () => {
  const rows = new Set(images.map(({ id }) => id));
  for (let row = 1; row <= 21; row++) expect(rows).toContain(`H${row}`);
});

test.each(HOSTS)(
  'H1 to H21 are answered by $host as the matrix says, and none stops the next',
  async ({ start }) => {
    const host = await start({ STORAGE: azurite.connectionString });
    const answers: unknown[] = [];
    for (const { id, name, bytes, contentType } of images) {
      const answer = await host.fetch('/api/prompts', {
        method: 'POST',
        body: new Uint8Array(bytes),
        headers: { 'content-type': contentType },
      });
      const { status } = answer;
      const code = status === 200 ? undefined : (await readProblem(answer)).code;
      if (code === undefined) await readDocument(answer);
      answers.push([id, name, status, code ?? 'described']);
    }
    await host.close();
    expect(answers).toEqual(
      images.map(({ id, name, expect: expected }) => {
        const code = codeOverHttp(expected);
        return [id, name, code === 'described' ? 200 : REFUSALS[code].status, code];
      }),
    );
  },
);

describe('as drops', () => {
  let program: Program;

  beforeAll(async () => {
    const config = parseConfig({ STORAGE: azurite.connectionString, IMAGES_CONTAINER: 'drops' });
    program = await createProgram(
      config,
      { connectionString: azurite.connectionString },
      createLog('silent'),
    );
    await program.blobs.create();
  });

  test('H1 to H21 get a prompt or an error JSON as the matrix says, never both', async () => {
    const { blobs, settings } = program;
    const outcomes: unknown[] = [];
    const expected: unknown[] = [];
    for (const { id, name: file, bytes, contentType, expect: code } of images) {
      const name = `${id}/${file}`;
      if (!isCandidate(name, contentType)) continue;
      await blobs.write(name, bytes, { contentType, condition: 'new' });
      await describeImage({ container: blobs.container, name }, blobs, settings, {
        signal: AbortSignal.timeout(AMPLE_MS),
      });
      const [prompt, error] = await Promise.all([blobs.head(promptName(name)), blobs.head(errorName(name))]);
      outcomes.push([name, prompt !== null, error?.metadata.code]);
      expected.push([name, code === 'described', code === 'described' ? undefined : code]);
    }
    expect(outcomes).toEqual(expected);
    expect(outcomes.length).toBeGreaterThan(20);
  });
});
