import type { Action } from './actions.ts';

/** What was found once, and is asked again at every run. */
export const EXAMPLES: [Action[]][] = [
  // An image is overwritten by one that is refused while it is described: the second round must not trust the event.
  [
    [
      { kind: 'upload', name: 'dog.png', content: 'red', delivery: 'at once' },
      { kind: 'step', place: 1, calls: 3, which: 0, fate: 'ok' },
      { kind: 'upload', name: 'dog.png', content: 'damaged', delivery: 'at once' },
      { kind: 'step', place: 0, calls: 8, which: 0, fate: 'ok' },
    ],
  ],
  // The same, with an end after the prompt was written: nor must the event's next attempt.
  [
    [
      { kind: 'upload', name: 'dog.png', content: 'red', delivery: 'at once' },
      { kind: 'step', place: 1, calls: 3, which: 0, fate: 'ok' },
      { kind: 'upload', name: 'dog.png', content: 'damaged', delivery: 'at once' },
      { kind: 'step', place: 0, calls: 8, which: 0, fate: 'ok' },
      { kind: 'step', place: 1, calls: 5, which: 0, fate: 'dies-after' },
    ],
  ],
  // The same, with a stop at that place: nor must the event that is queued anew.
  [
    [
      { kind: 'upload', name: 'dog.png', content: 'red', delivery: 'at once' },
      { kind: 'step', place: 1, calls: 3, which: 0, fate: 'ok' },
      { kind: 'upload', name: 'dog.png', content: 'damaged', delivery: 'at once' },
      { kind: 'step', place: 0, calls: 8, which: 0, fate: 'ok' },
      { kind: 'step', place: 1, calls: 5, which: 0, fate: 'ok' },
      { kind: 'stop', place: 1 },
    ],
  ],
  // The answer to the renewal of a claim is lost just before Vision answers.
  [
    [
      { kind: 'upload', name: 'dog.png', content: 'red', delivery: 'at once' },
      { kind: 'step', place: 0, calls: 4, which: 0, fate: 'ok' },
      { kind: 'pass', seconds: 12, isFlowing: false, fate: 'lost' },
      { kind: 'step', place: 0, calls: 9, which: 0, fate: 'ok' },
    ],
  ],
];
