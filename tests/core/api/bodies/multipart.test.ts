import { describe, expect, test } from '@jest/globals';
import { imageField } from '../../../../core/api/bodies/multipart.ts';

const IMAGE = 'Content-Disposition: form-data; name="image"; filename="a.jpg"';
const TYPE = 'multipart/form-data; boundary=b';

/** A multipart body of these parts: their headers and, behind an empty line, what is in them. */
function body(parts: readonly string[], boundary = 'b'): Buffer {
  return Buffer.from(`${parts.map((part) => `--${boundary}\r\n${part}\r\n`).join('')}--${boundary}--\r\n`);
}

const read = async (bytes: Buffer, type = TYPE) => Buffer.from(await imageField(bytes, type)).toString();

test('the file comes byte for byte, among other fields, and with anything that is not the boundary in it', async () => {
  const content = '\r\n\r\n--c\r\n-- b\r\n--';
  const others = [
    'Content-Disposition: form-data; name="note"\r\n\r\nhello',
    'X: y\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\n',
  ];
  const parts = [...others, `${IMAGE}\r\nContent-Type: image/jpeg\r\n\r\n${content}`];
  expect(await read(body(parts))).toBe(content);
  expect(await read(Buffer.concat([Buffer.from('\r\n'), body(parts)]))).toBe(content);
  expect(await read(body(parts, 'a b:c'), 'multipart/form-data; charset=utf-8; boundary="a b:c"')).toBe(
    content,
  );
  expect(await read(body([`${IMAGE}\r\n\r\n`]))).toBe('');
});

test('what stands before the first boundary and behind the last is left out, and so are spaces behind one', async () => {
  const part = `${IMAGE}\r\n\r\nx`;
  const padded = `--b \t \r\n${part}\r\n--b\t\r\n${IMAGE.replace('image', 'note')}\r\n\r\ny\r\n--b-- \r\nend`;
  for (const before of ['', '\r\n', 'For readers of mail.\r\n', '--c\r\n--\r\n']) {
    expect(await read(Buffer.from(before + padded))).toBe('x');
  }
});

test('whatever the platform writes is read', async () => {
  const form = new FormData();
  form.set('note', 'hello');
  form.set('image', new File(['picture'], '\u202e"gnp\r\n.exe'));
  const response = new Response(form);
  const type = response.headers.get('content-type') ?? '';
  expect(await read(Buffer.from(await response.arrayBuffer()), type)).toBe('picture');
});

describe('what is refused', () => {
  const part = `${IMAGE}\r\n\r\nx`;
  test.each([
    ['two files', body([part, part])],
    ['text in place of the file', body(['Content-Disposition: form-data; name="image"\r\n\r\nx'])],
    ['no file', body(['Content-Disposition: form-data; name="note"\r\n\r\nx'])],
    ['no parts', body([])],
    ['nothing', Buffer.alloc(0)],
    ['parts without end', Buffer.from(`--b\r\n${part}`)],
    ['a part that is not ended', Buffer.from(`--b\r\n${part}\r\n--b`)],
    ['a line that only begins with the boundary', Buffer.from(`--b\r\n${part}\r\n--bc\r\n${part}\r\n--b--`)],
    ['a part without headers', body(['\r\nx'])],
    ['headers without end', body([IMAGE])],
    ['headers of megabytes', body([`X: ${'y'.repeat(5_000_000)}\r\n${part}`])],
    [
      'a hundred thousand parts',
      body(Array.from({ length: 100_000 }, () => 'Content-Disposition: form-data; name=x\r\n\r\n')),
    ],
    ['a file name that cannot be decoded', body([`${IMAGE}; filename*=utf-8''%ff\r\n\r\nx`])],
    ['a boundary that begins no line', Buffer.from(`x--b\r\n${part}\r\n--b--`)],
    ['spaces behind the boundary without end', Buffer.from(`--b ${' '.repeat(1_000)}`)],
  ])('%s', async (_what, bytes) => {
    await expect(read(bytes)).rejects.toMatchObject({ code: 'invalid-request' });
  });

  test('a file that was encoded', async () => {
    const encoded = (how: string) =>
      read(body([`${IMAGE}\r\nContent-Transfer-Encoding: ${how}\r\n\r\neA==`]));
    for (const how of ['base64', 'Quoted-Printable']) {
      await expect(encoded(how)).rejects.toMatchObject({ code: 'unsupported-media-type' });
    }
    expect(await encoded('binary')).toBe('eA==');
  });

  test.each([
    ...['', 'multipart/form-data', 'multipart/form-data; boundary=', 'nonsense; boundary=b'],
    `multipart/form-data; boundary=${'b'.repeat(71)}`,
  ])('the type %j', async (type) => {
    await expect(read(body([`${IMAGE}\r\n\r\nx`]), type)).rejects.toMatchObject({ code: 'invalid-request' });
  });
});
