import { expect, test } from '@jest/globals';
import { ProgressLine } from '../../containerapp/progress-line.ts';

function lineOn(isTTY: boolean) {
  let shown = '';
  let now = 0;
  const stream = {
    isTTY,
    write(text: string) {
      shown += text;
      return true;
    },
  };
  const wait = (ms: number) => {
    now += ms;
  };
  return { line: new ProgressLine(stream, () => now), shown: () => shown, wait };
}

test('on a terminal one line is written over and over, and is gone at the end', () => {
  const { line, shown, wait } = lineOn(true);
  line.show({ step: 'sweep', blobs: 5_000 });
  line.show({ step: 'sweep', blobs: 6_000 });
  wait(100);
  line.show({ step: 'audit', blobs: 12_345 });
  line.clear();
  line.clear();
  expect(shown()).toBe(
    '\r\x1b[Kimages: 5,000 blobs looked at\r\x1b[Kthe audit: 12,345 blobs looked at\r\x1b[K',
  );
});

test('nothing is written where there is no terminal', () => {
  const { line, shown } = lineOn(false);
  line.show({ step: 'sweep', blobs: 5_000 });
  line.clear();
  expect(shown()).toBe('');
});

test('it goes by the clock of the machine where it is told no other', () => {
  const written: string[] = [];
  const line = new ProgressLine({ isTTY: true, write: (text: string) => written.push(text) > 0 });
  line.show({ step: 'cleanup', blobs: 1 });
  line.show({ step: 'cleanup', blobs: 2 });
  expect(written).toEqual(['\r\x1b[Kwhat is left over: 1 blobs looked at']);
});
