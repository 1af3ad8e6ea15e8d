import { fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { FailedError, RefusedError } from '../errors.ts';
import { MAX_QR_BYTES, type QrAnswer, type QrReady, type QrRequest } from './qr.ts';

/** @returns the image's bytes: PNG or SVG */
export type RenderQr = (request: QrRequest, signal: AbortSignal) => Promise<Uint8Array<ArrayBuffer>>;

export interface QrLimits {
  /** Module that each process runs. */
  readonly module: string;
  /** Milliseconds until a process has started: they depend on how busy the machine is, not on the text. */
  readonly start: number;
  /** Milliseconds from then to its answer. */
  readonly deadline: number;
  /** Processes at once. */
  readonly parallel: number;
}

/** Of the process's heap, in MiB. */
const MAX_HEAP = 128;

const SCRIPT = 'qr-process';

/** The module that renders. */
export const RENDERER = processModule();

const LIMITS: QrLimits = { module: RENDERER, start: 8_000, deadline: 2_000, parallel: 4 };

/**
 * Renders QR codes, each in a process of its own that is killed after its answer or its deadline: whatever a text does to
 * the renderer, it costs that one request.
 */
export function qrRenderer(limits: QrLimits = LIMITS): RenderQr {
  let running = 0;
  return async (request, signal) => {
    signal.throwIfAborted();
    if (Buffer.byteLength(request.text) > MAX_QR_BYTES) {
      throw new RefusedError('qr-text-too-long', { detail: `At most ${MAX_QR_BYTES} bytes fit in.` });
    }
    if (running >= limits.parallel) throw new FailedError('qr-busy', { headers: { 'retry-after': '1' } });
    running++;
    try {
      const image = await renderInProcess(request, limits, signal);
      return Buffer.from(image, request.format === 'png' ? 'base64' : 'utf8');
    } catch (cause) {
      signal.throwIfAborted();
      throw new FailedError('qr-unavailable', { cause });
    } finally {
      running--;
    }
  };
}

async function renderInProcess(
  request: QrRequest,
  { module, start, deadline }: QrLimits,
  signal: AbortSignal,
): Promise<string> {
  const child = fork(module, [], {
    // What this process was started with may be needed to run TypeScript, too; of two heap sizes the last one counts.
    execArgv: [...process.execArgv, `--max-old-space-size=${MAX_HEAP}`],
    // No secret of ours; Windows starts nothing without the one that is passed on.
    env: { SystemRoot: process.env.SystemRoot },
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const answered = Promise.withResolvers<QrAnswer>();
  const abort = () => answered.reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  const expire = () => answered.reject(new Error('it took too long'));
  let timer = setTimeout(expire, start);
  // An IPC message is what the sender made it; the sender is our own module.
  child.on('message', (message: QrReady | QrAnswer) => {
    if (!('ready' in message)) return answered.resolve(message);
    clearTimeout(timer);
    timer = setTimeout(expire, deadline);
  });
  const ended = new Promise<void>((resolve) => {
    child.once('exit', (code, killed) => {
      answered.reject(new Error(`it ended with ${code ?? killed}`));
      resolve();
    });
    child.once('error', (error) => {
      answered.reject(error);
      // It never began, so it never ends.
      if (child.pid === undefined) resolve();
    });
  });
  child.send(request, (error) => error && answered.reject(error));
  try {
    const answer = await answered.promise;
    if ('error' in answer) throw new Error(answer.error);
    return answer.image;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
    child.kill('SIGKILL');
    // What is counted as running must not be more than what is.
    await ended;
  }
}

/** Beside this file in the sources; in a bundle beside main.mjs, which this may be part of, or of a chunk below it. */
function processModule(): string {
  const found = [`./${SCRIPT}.ts`, `./${SCRIPT}.mjs`, `../${SCRIPT}.mjs`]
    .map((path) => fileURLToPath(new URL(path, import.meta.url)))
    .find((file) => existsSync(file));
  if (found === undefined) throw new Error('the module that renders QR codes is missing');
  return found;
}
