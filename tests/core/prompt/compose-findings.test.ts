import { expect, test } from '@jest/globals';
import { compose, prompt } from './composing.ts';
import { found, GREY, measurements, seen, tags } from './samples.ts';

test.each([
  ['knife', 'knives'],
  ['sheep', 'sheep'],
  ['wolf', 'wolves'],
  ['kitchen knife', 'kitchen knives'],
  ['person', 'people'],
  ['tooth', 'teeth'],
  ['bus', 'buses'],
  ['cherry', 'cherries'],
  ['traffic light', 'traffic lights'],
  ['scissors', 'scissors'],
])('two findings of a %s are two %s', (noun, plural) => {
  const analysis = seen('a table', { objects: [found(noun), found(noun)] });
  expect(prompt('plain', { analysis })).toContain(`Also in view: two ${plural}.`);
});

test.each([
  ['an owl on a branch', ['animal', 'bird', 'bird of prey', 'wildlife', 'owl', 'beak', 'nest'], 'a nest'],
  ['two dogs on a couch', ['dog', 'dog breed', 'companion dog', 'vertebrate', 'pillow'], 'a pillow'],
  ['a painting of a ship', ['art', 'drawing', 'visual arts', 'sea'], 'the sea'],
  ['a woman with a hat', ['human face', 'person', 'lady', 'clothing', 'ribbon'], 'a ribbon'],
  ['a laptop', ['multimedia', 'operating system', 'number', 'desk'], 'a desk'],
  ['ducks and geese', ['bird', 'goose', 'water', 'waterfowl'], 'water'],
  ['a herd of deer', ['deer', 'mammal', 'grass'], 'grass'],
])('of %s the tags say no more than is new', (caption, names, fresh) => {
  expect(prompt('plain', { analysis: seen(caption, { tags: tags(...names) }) })).toContain(
    `Also in view: ${fresh}. `,
  );
});

test('tags keep the case of their language, and names keep theirs', () => {
  const analysis = seen('a dog in a park', { tags: tags('Gras', 'Paris', 'Outdoor') });
  expect(prompt('plain', { analysis })).toMatch(/^A dog in a park\. Also in view: Gras and Paris\. /);
  expect(prompt('sdxl', { analysis: seen('Paris') })).toMatch(/^Paris, /);
});

test('a thing that shares its name with a measured color is kept, and a hue is not said twice', () => {
  const look = measurements({
    palette: [
      ['#7dc0ee', 'sky blue', 0.3],
      ['#22502e', 'forest green', 0.3],
      ['#d9527e', 'rose', 0.2],
      ['#d8a622', 'gold', 0.1],
      ['#a5312b', 'brick red', 0.1],
    ],
  });
  const analysis = seen('a house', {
    tags: tags('sky', 'forest', 'rose', 'gold', 'brick', 'green', 'blue'),
  });
  expect(prompt('plain', { look, analysis })).toContain(
    'Also in view: the sky, a forest, a rose, gold and brick. ',
  );
});

test('a rose stays a rose where the pixels have no color', () => {
  const analysis = seen('a rose in a vase');
  expect(prompt('sdxl', { look: measurements(GREY), analysis })).toMatch(/^a rose in a vase, /);
});

test.each([
  ['a man riding a bicycle', 'a man', 'riding a bicycle'],
  ['a man in a hat wearing sunglasses', 'a man in a hat', 'wearing sunglasses'],
  ['a duck swimming in a pond', 'a duck', 'swimming in a pond'],
  ['a dog running', 'a dog', 'running'],
  ['two children playing with a ball', 'two children', 'playing with a ball'],
  ['people walking down a street', 'people', 'walking down a street'],
])('the flux2 JSON hears in "%s" what is being done', (caption, description, action) => {
  const { json } = compose('flux2', { analysis: seen(caption) });
  expect(json).toMatchObject({ subjects: [{ description, action }] });
});

test.each([
  'a red fishing boat moored in a small harbour at dusk',
  'a swimming pool with palm trees',
  'a parking lot full of cars',
  'Living room with a dining table',
  'a pair of running shoes on a shelf',
  'standing in the rain',
  'a white running with paint',
  'horse riding and dressage',
  'a building with a tall ceiling',
])('the flux2 JSON leaves "%s" in one piece', (caption) => {
  const subjects = compose('flux2', { analysis: seen(caption) }).json?.subjects;
  expect(subjects).toEqual([{ description: caption }]);
});

test('a tag that is done is an action, one that names a topic is neither a thing nor a background', () => {
  const topics = ['handwriting', 'parking', 'engineering', 'fishing', 'swimming'];
  const analysis = seen('a woman', { tags: tags('indoor', ...topics, 'sitting', 'lamp') });
  const { prompt: text, json, dropped } = compose('flux2', { analysis });
  expect(text).toMatch(/^A woman sitting, indoors\. The scene includes a lamp\. The largest/);
  expect(json).toMatchObject({ background: expect.stringMatching(/^indoors; the largest/) });
  expect(json?.subjects).toEqual([{ description: 'a woman', action: 'sitting' }, { description: 'lamp' }]);
  const reasons = dropped.flatMap(({ text: tag, reason }) => (topics.includes(tag) ? [reason] : []));
  expect(reasons).toEqual(topics.map(() => 'a topic more than a thing'));
});

test('without a caption topics end a prompt of phrases, and lead it where there is nothing else', () => {
  expect(prompt('sdxl', { analysis: seen(null, { tags: tags('floristry', 'vase') }) })).toMatch(
    /^vase, floristry, palette/,
  );
  expect(prompt('plain', { analysis: seen(null, { tags: tags('floristry') }) })).toMatch(/^Floristry\. /);
});
