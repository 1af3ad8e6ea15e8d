import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { encodeEvent, encodeStep, encodeText, readMessage } from '../../../core/queue/message.ts';
import { base64, cloudEvent, ETAG, eventGrid } from './storage-events.ts';

const read = (body: unknown) => readMessage(body, 'images');

const nameOf = (body: unknown) => {
  const message = read(body);
  if ('batch' in message) return message.batch;
  return 'event' in message ? message.event.name : message.malformed;
};

test('a step of a batch is read back as it was written, and nothing else is taken for one', () => {
  const id = '0f9d5c1e7ab34c2f8e6d1b0a59c47e13';
  for (const body of [encodeStep(id), JSON.stringify({ batch: id }), { batch: id }]) {
    expect(read(body)).toEqual({ batch: id });
  }
  for (const batch of [`../${id}`, id.toUpperCase(), '', 1, null]) {
    expect(read({ batch })).toEqual({ malformed: 'schema' });
  }
  expect(read({ batch: id, name: 'a.jpg' })).toEqual({ malformed: 'schema' });
});

describe('our own event', () => {
  test('is read back as it was written, as base64, plain, or parsed by a host', () => {
    const event = {
      ...{ container: 'images', name: 'a b/é.jpg', etag: ETAG, tries: 2 },
      ...{ force: true, language: 'de', targets: ['sdxl'] as const, stale: true },
    };
    const text = JSON.stringify(event);
    for (const body of [encodeEvent(event), text, ` ${text}\n`, event, Buffer.from(encodeEvent(event))]) {
      expect(read(body)).toEqual({ event, contentType: 'image/*' });
    }
  });

  test.each([
    [
      'base64 in lines of 76',
      (json: string) =>
        Buffer.from(json)
          .toString('base64')
          .replace(/(.{76})/g, '$1\n'),
    ],
    ['plain with ends of lines as the service has them', (json: string) => json.replace('{', '{&#xD;\n ')],
    ['plain with null for what is not there', (json: string) => json.replace('}', ',"errorEtag":null}')],
  ])('is read as %s', (_, written) => {
    const event = { container: 'images', name: `${'long/'.repeat(20)}a.jpg`, etag: 'e1', tries: 1 };
    expect(readMessage(written(JSON.stringify(event)), 'images')).toEqual({ event, contentType: 'image/*' });
  });

  test('has only what is known of it', () => {
    const text = '{"container":"images","name":"a.jpg","id":"7","__proto__":{"tries":9}}';
    const message = read(text);
    expect(message).toEqual({ event: { container: 'images', name: 'a.jpg' }, contentType: 'image/*' });
    expect('event' in message && message.event.tries).toBeUndefined();
  });

  test.each([
    { tries: -1 },
    { tries: 1.5 },
    { tries: 1_001 },
    { tries: '2' },
    { name: '' },
    { name: 7 },
    { name: 'x'.repeat(1_025) },
    { etag: 5 },
    { etag: 'x'.repeat(257) },
    { container: null },
    { targets: [] },
    { targets: ['sd9'] },
    { stale: 'yes' },
  ])('is none with %j', (fault) => {
    expect(read({ container: 'images', name: 'a.jpg', ...fault })).toEqual({ malformed: 'schema' });
  });

  test('can be written again whatever is in it', () => {
    const event = {
      container: 'images',
      name: '\uD800'.repeat(1_024),
      etag: '\uD800'.repeat(256),
      tries: 5,
    };
    expect(read(encodeEvent(event))).toEqual({ event, contentType: 'image/*' });
    expect(encodeEvent(event).length).toBeLessThan(64 * 1024);
  });
});

describe.each([
  ['EventGridSchema', eventGrid],
  ['CloudEvents 1.0', cloudEvent],
])('a storage event in %s', (_, make) => {
  test('is read as base64, plain, parsed, and as an array of one', () => {
    const event = make();
    for (const value of [event, [event]]) {
      for (const body of [base64(value), JSON.stringify(value), value]) {
        expect(read(body)).toEqual({
          event: { container: 'images', name: 'a.jpg', etag: ETAG },
          contentType: 'image/jpeg',
        });
      }
    }
  });

  test.each(['BlobDeleted', 'BlobTierChanged', 'BlobRenamed'])('says with %s to look again', (kind) => {
    const body = make({ type: `Microsoft.Storage.${kind}` });
    expect(read(body)).toEqual({
      event: { container: 'images', name: 'a.jpg' },
      contentType: 'image/jpeg',
    });
  });

  test('names the blob that a renamed one has become', () => {
    const account = 'https://pictureaccount.dfs.core.windows.net/images/';
    const data = { url: undefined, sourceUrl: `${account}old.jpg`, destinationUrl: `${account}new.jpg` };
    expect(nameOf(make({ type: 'Microsoft.Storage.BlobRenamed', name: 'new.jpg', data }))).toBe('new.jpg');
    expect(nameOf(make({ type: 'Microsoft.Storage.BlobRenamed', name: 'old.jpg', data }))).toBe('schema');
  });

  test.each([
    'folder/a.jpg',
    'a/blobs/b.jpg',
    '/blobServices/default/containers/other/blobs/c.jpg',
    '100%.jpg',
    'per%20cent.jpg',
    'q?x=1#y.jpg',
    'a b"c.jpg',
    'line\nbreak.jpg',
    'e\u0301 é 🐈.jpg',
  ])('keeps the name %j, with its address raw or percent-encoded', (name) => {
    const address = 'https://pictureaccount.blob.core.windows.net/images/';
    expect(nameOf(make({ name }))).toBe(name);
    expect(nameOf(make({ name, data: { url: address + encodeURIComponent(name) } }))).toBe(name);
    expect(nameOf(make({ name, data: { url: undefined } }))).toBe(name);
  });

  test.each(['https://a.blob.core.windows.net/images/b.jpg', 'https://a/%zz/a.jpg?', 'xa.jpg', ''])(
    'B20: is set aside where its address %j is of another blob',
    (url) => {
      expect(read(make({ data: { url } }))).toEqual({ malformed: 'schema' });
    },
  );

  test('B20: is set aside where it is of another container', () => {
    for (const container of ['other', 'Images', 'images2']) {
      expect(read(make({ container }))).toEqual({ malformed: 'other-container' });
    }
  });

  test('B20: is set aside where it is none of a blob', () => {
    const event = make();
    const bodies = [
      [],
      [event, event],
      [[event]],
      make({ type: 'Microsoft.Storage.DirectoryCreated' }),
      make({ type: 'Microsoft.Storage.LifecyclePolicyCompleted' }),
      make({ name: '' }),
      make({ container: '' }),
      { ...event, subject: '/blobServices/default/containers/images' },
      { ...event, subject: undefined },
      { ...event, data: null },
      make({ data: { eTag: 7 } }),
    ];
    for (const body of bodies) expect(read(body)).toEqual({ malformed: 'schema' });
  });
});

test('B21: the handshakes of webhooks are set aside: no host of ours is one', () => {
  const validation = {
    ...eventGrid({ type: 'Microsoft.EventGrid.SubscriptionValidationEvent' }),
    subject: '',
    data: { validationCode: '7f0c', validationUrl: 'https://rp.example/validate?id=7f0c' },
  };
  const abuse = { method: 'OPTIONS', headers: { 'WebHook-Request-Origin': 'eventemitter.example' } };
  for (const body of [validation, [validation], abuse]) {
    expect(read(base64(body))).toEqual({ malformed: 'schema' });
  }
});

test.each([
  ['nothing', ''],
  ['words', 'hello, world'],
  ['base64 of words', base64('hello, world')],
  [
    'base64 of invalid UTF-8',
    Buffer.from('{"container":"images","name":"\u00FF"}', 'latin1').toString('base64'),
  ],
  ['bytes that are no text', Buffer.from([0xff, 0xfe, 0x00])],
  ['half a JSON', '{"container":"images"'],
  ['base64 with a stray character', `${base64('{}')}!`],
  ['64 KB of spaces', ' '.repeat(64 * 1024)],
  ['64 KB of letters', 'a'.repeat(64 * 1024)],
  ['64 KB that are almost base64', `${'='.repeat(64 * 1024)}!`],
  ['a single bracket 65,536 times', '['.repeat(64 * 1024)],
])('B20: %s is no message', (_, body) => {
  expect(read(body)).toEqual({ malformed: 'encoding' });
});

test.each([
  ['nothing that has a text', undefined],
  ['null', null],
  ['a number in base64', base64('7')],
  ['brackets in brackets', `${'['.repeat(32 * 1024)}${']'.repeat(32 * 1024)}`],
])('B20: %s is no event', (_, body) => {
  expect(read(body)).toEqual({ malformed: 'schema' });
});

describe('what is set aside', () => {
  test('is kept as it was: base64 stays base64, all else becomes it', () => {
    const texts = [base64('hello'), 'hello, world', '\u0000\uFFFE', 'é'];
    const kept = texts.map((text) => encodeText(text));
    expect(kept).toEqual([texts[0], base64('hello, world'), base64('\u0000\uFFFE'), base64('é')]);
    expect(encodeText({ a: 1 })).toBe(base64('{"a":1}'));
    expect(encodeText(Buffer.from('hello'))).toBe(base64('hello'));
    expect(encodeText(undefined)).toBe('');
  });

  test('B20: fits into a message again, however long it was', () => {
    const longest = 'é!'.repeat((64 * 1024) / 3);
    expect(Buffer.byteLength(encodeText(longest))).toBeLessThanOrEqual(64 * 1024);
    expect(encodeText(longest)).toBe(longest);
  });
});

describe('whatever lies in the queue', () => {
  test('B20: reading it never throws', () => {
    const anything = fc.oneof(
      fc.anything({ withBigInt: true, withNullPrototype: true, withTypedArray: true }),
      fc.json({ maxDepth: 6 }),
      fc.json().map(base64),
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.uint8Array(),
      fc.base64String(),
    );
    fc.assert(
      fc.property(anything, (body) => {
        const message = read(body);
        expect('event' in message || 'batch' in message || message.malformed).toBeTruthy();
      }),
      { numRuns: 500 },
    );
  });

  test('every name comes through, in every form', () => {
    const names = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 });
    const forms = fc.constantFrom(eventGrid, cloudEvent);
    fc.assert(
      fc.property(names, forms, (name, make) => {
        expect(nameOf(base64(make({ name })))).toBe(name);
        expect(nameOf(encodeEvent({ container: 'images', name }))).toBe(name);
      }),
      { numRuns: 300 },
    );
  });
});
