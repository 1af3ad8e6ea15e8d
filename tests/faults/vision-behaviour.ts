import {
  type Behaviour as AnyBehaviour,
  endHalfWay,
  hangHalfWay,
  JSON_HEADERS,
  resetHalfWay,
  trickle,
} from './behaviour.ts';
import type { VisionRequest } from './vision-request.ts';
import { answerTo, HARBOUR, type Scene } from './vision-scene.ts';

export { fail, hang, html, resetBeforeHeaders, respond } from './behaviour.ts';

/** What the service does with one request that it accepts. */
export type Behaviour = AnyBehaviour<VisionRequest>;

/** Answers as it should. */
export function answer(scene: Partial<Scene> = {}): Behaviour {
  return (request, response) => {
    response.writeHead(200, JSON_HEADERS).end(JSON.stringify(answerTo(request, { ...HARBOUR, ...scene })));
  };
}

const harbour = (request: VisionRequest) => JSON.stringify(answerTo(request, HARBOUR));

/** Promises an answer by its length and ends the connection half way. */
export function resetMidBody(): Behaviour {
  return resetHalfWay(harbour);
}

/** Begins an answer and says no more. */
export function hangMidBody(): Behaviour {
  return hangHalfWay(harbour);
}

/** A proper end in the middle of the JSON. */
export function truncatedJson(): Behaviour {
  return endHalfWay(harbour);
}

/** A byte at a time, for minutes. `onByte` hears the number of bytes that are on their way. */
export function slowBytes(everyMs: number, onByte: (count: number) => void = () => {}): Behaviour {
  return trickle(harbour, everyMs, onByte);
}
