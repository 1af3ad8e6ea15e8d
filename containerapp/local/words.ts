import { promptPath } from '../../core/api/request.ts';
import type { Config, StorageSettings } from '../../core/config.ts';
import type { Outcome } from '../../core/describe/outcome.ts';
import { REFUSALS } from '../../core/errors.ts';
import { isLoopback } from '../../core/loopback.ts';
import type { Malformation } from '../../core/queue/message.ts';
import type { WorkReport } from '../../core/queue/worker.ts';
import { printable } from '../printable.ts';
import { reasonOf } from '../reason.ts';
import type { Notice } from '../watch.ts';
import type { FoundModel } from './model-servers.ts';

/** What local mode says on the terminal. */

const FIRST_WORDS = 12;

/** The first lines: only addresses and commands that work as printed. */
export function welcome(options: {
  readonly config: Config;
  readonly address: string;
  /** Null for a storage that was not started here: its connection string is a secret. */
  readonly storage: StorageSettings | null;
  readonly isNear: boolean;
  readonly container: string;
}): string {
  const { config, address, storage, isNear, container } = options;
  const { IMAGES_PREFIX: prefix } = config;
  const hasKeys = config.API_KEYS.length > 0 || config.KEY_VAULT_URI !== undefined;
  const key = hasKeys ? "-H 'x-api-key: YOUR KEY' " : '';
  const lines = [
    '',
    `Prompt Generator: drop images into the container "${container}"; each gets a <name>.prompt.json beside it.`,
    '',
    `  API              ${address}/api/prompts`,
    `  store a file     curl ${key}--data-binary @photo.jpg '${address}/api/prompts?store=true&name=${prefix}photo.jpg'`,
    `  only describe    curl ${key}--data-binary @photo.jpg ${address}/api/prompts`,
  ];
  if (storage && 'connectionString' in storage) {
    lines.push(
      `  Storage Explorer connect with this connection string:`,
      `                   ${storage.connectionString}`,
    );
  }
  if (!isLoopback(config.HOST) && config.AUTH === 'keys' && !hasKeys) {
    lines.push(
      '',
      'Others can reach this server, so it answers nobody without keys: npm run key, or AUTH=none.',
    );
  }
  if (!isNear) lines.push('', 'The storage is not on this machine: it is listed every 5 minutes.');
  if (config.VISION_PROVIDER === 'local') {
    lines.push(
      '',
      'Described from pixels and metadata only. For captions: VISION_PROVIDER=azure-vision VISION_ENDPOINT=… VISION_KEY=…, or VISION_PROVIDER=openai VISION_ENDPOINT=… VISION_MODEL=…',
    );
  }
  if (config.PAUSED) lines.push('', 'PAUSED=true: nothing is described until it is started without.');
  return [...lines, '', 'Ctrl-C stops it.', ''].join('\n');
}

/** A model on this machine that could be used, and with which settings. */
export function foundModelLine({ server, endpoint, model, seesImages }: FoundModel): string {
  const settings = `VISION_PROVIDER=openai VISION_ENDPOINT=${endpoint} VISION_MODEL=${model}`;
  const doubt = seesImages ? '' : ' (or another model of it that takes images)';
  return `Found on this machine, not used: ${server}. For captions by it: ${settings}${doubt}`;
}

interface Places {
  /** Of the API. */
  readonly address: string;
  /** The name of the queue of what could not be described. */
  readonly poison: string;
}

const MALFORMATIONS: Readonly<Record<Malformation, string>> = {
  encoding: 'It is neither JSON nor base64 of it.',
  schema: 'It is no event of an image.',
  'other-container': 'Its image is in another container.',
};

/** One line for a message: what became of it. Null where there is nothing to say. */
export function reportLine({ handled, milliseconds }: WorkReport, places: Places): string | null {
  switch (handled.status) {
    case 'ignored':
    case 'given-back':
      return null;
    case 'malformed':
      return `set aside a message. ${MALFORMATIONS[handled.reason]} It lies in the queue ${places.poison}.`;
    case 'step':
      return stepLine(handled, places);
    case 'handled': {
      const { event, outcome, comesBack } = handled;
      return outcomeLine({ name: event.name, outcome, milliseconds, comesBack }, places);
    }
  }
}

/** One line when a batch ends or a step fails; those in between are told by the API. */
function stepLine(
  { batch, next, error, comesBack }: Extract<WorkReport['handled'], { readonly status: 'step' }>,
  { address }: Places,
): string | null {
  const where = `${address}/api/batches/${batch}`;
  if (error && comesBack) return `batch ${batch}: a step failed and is tried again. ${where}`;
  if (error) return `batch ${batch}: failed. ${where}`;
  return next === null ? `batch ${batch}: ended. ${where}` : null;
}

/** Where an image's prompt is; in a path no `%2F` is taken, not even as part of a name, but a listing has it. */
function pathOf(name: string): string {
  return /%2f/i.test(name) ? `/api/prompts?prefix=${encodeURIComponent(name)}` : promptPath(name);
}

/** One line for an image: what became of it, how long it took, how its prompt begins, and where it is. */
function outcomeLine(
  {
    name,
    outcome,
    milliseconds,
    comesBack,
  }: {
    readonly name: string;
    readonly outcome: Outcome;
    readonly milliseconds: number;
    readonly comesBack: boolean;
  },
  { address, poison }: Places,
): string {
  const image = `${printable(name)} (${Math.round(milliseconds)} ms)`;
  const where = address + pathOf(name);
  switch (outcome.status) {
    case 'done': {
      if (outcome.document === null) return `done     ${image} had its prompt  ${where}`;
      return `done     ${image} “${firstWords(outcome.document.prompt)}”  ${where}`;
    }
    case 'gone':
      return `gone     ${image}`;
    case 'refused':
      return `refused  ${image} ${outcome.error.code}: ${outcome.error.kind.title}  ${where}`;
    case 'deferred':
      return `deferred ${image} ${outcome.error.code}: ${outcome.error.kind.title} It is tried again at ${outcome.until.toISOString()}.`;
    case 'failed': {
      const next = comesBack
        ? 'It is tried again.'
        : `It lies in the queue ${poison}; when it is tried again: ${where}`;
      return `failed   ${image} ${reasonOf(outcome.error)} ${next}`;
    }
  }
}

/** Of images that nothing is done about. */
export function noticeLine(notice: Notice): string {
  if (notice.kind === 'older') {
    const images = notice.count === 1 ? '1 image was' : `${notice.count} images were`;
    return `${images} there before this program first started, and not described unasked. BACKFILL=on describes all.`;
  }
  return `refused  ${printable(notice.name)} invalid-name: ${REFUSALS['invalid-name'].title}`;
}

function firstWords(prompt: string): string {
  const words = prompt.split(/\s+/);
  return printable(words.slice(0, FIRST_WORDS).join(' ')) + (words.length > FIRST_WORDS ? ' …' : '');
}
