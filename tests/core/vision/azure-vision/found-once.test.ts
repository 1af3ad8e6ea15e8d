import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { answer } from '../../../faults/vision-behaviour.ts';
import { startVisionServer, type VisionServer } from '../../../faults/vision-server.ts';
import { analyzeBy } from './analyzing.ts';

let server: VisionServer;
beforeAll(async () => {
  server = await startVisionServer();
});
afterAll(() => server.close());

const analyze = () => analyzeBy(server);

describe('What is said twice is found once:', () => {
  const left = [0, 0.2, 0.4, 0.4] as const;
  const right = [0.5, 0.2, 0.4, 0.4] as const;

  test('an object and a tag of the same name, however they are written', async () => {
    server.script(
      answer({
        objects: [['Laptop', 0.767, left]],
        tags: [
          ['laptop', 0.878],
          ['desk', 0.6],
          ['Desk', 0.9],
        ],
      }),
    );
    const { objects, tags } = await analyze();
    expect(objects.map(({ text }) => text)).toEqual(['Laptop']);
    expect(tags).toEqual([{ text: 'Desk', confidence: 0.9, box: null }]);
  });

  test('but a tag stays when the object of that name is noise', async () => {
    server.script(answer({ objects: [['Laptop', 0.3, left]], tags: [['laptop', 0.878]] }));
    expect(await analyze()).toMatchObject({ objects: [], tags: [{ text: 'laptop' }] });
  });

  test('an object in nearly the same box, but not another of its kind beside it', async () => {
    server.script(
      answer({
        objects: [
          ['car', 0.7, left],
          ['Car', 0.8, [0.02, 0.2, 0.4, 0.4]],
          ['car', 0.6, right],
        ],
      }),
    );
    expect((await analyze()).objects.map(({ confidence }) => confidence)).toEqual([0.8, 0.6]);
  });

  test('dense captions in the same words, or in most of them about mostly the same part', async () => {
    server.script(
      answer({
        caption: ['a person at a table with a laptop', 0.8],
        regions: [
          ['a person at a table with a laptop', 0.85, [0, 0, 1, 1]],
          ['a person at the table with a laptop', 0.7, [0, 0, 0.95, 0.95]],
          ['a person using a laptop', 0.76, left],
          ['A person using a laptop.', 0.77, right],
          ['a green chair', 0.6, left],
          ['a close-up of a green chair', 0.7, left],
          ['a green wooden chair', 0.8, [0, 0.22, 0.4, 0.4]],
          ['a green wooden chair leg', 0.5, right],
        ],
      }),
    );
    expect((await analyze()).regions.map(({ text }) => text)).toEqual([
      'A person using a laptop.',
      'a green wooden chair',
      'a close-up of a green chair',
      'a green wooden chair leg',
    ]);
  });
});
