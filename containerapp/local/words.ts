import { promptPath } from '../../core/api/request.ts';
import type { Config, StorageSettings } from '../../core/config.ts';
import { FailedError } from '../../core/errors.ts';
import { isLoopback } from '../../core/loopback.ts';
import type { Report } from '../watch.ts';
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
  return [...lines, '', 'Ctrl-C stops it.', ''].join('\n');
}

/** A model on this machine that could be used, and with which settings. */
export function foundModelLine({ server, endpoint, model, seesImages }: FoundModel): string {
  const settings = `VISION_PROVIDER=openai VISION_ENDPOINT=${endpoint} VISION_MODEL=${model}`;
  const doubt = seesImages ? '' : ' (or another model of it that takes images)';
  return `Found on this machine, not used: ${server}. For captions by it: ${settings}${doubt}`;
}

/** One line for an image: what became of it, how long it took, how its prompt begins, and where it is. */
export function outcomeLine(address: string, { name, outcome, milliseconds, isLast }: Report): string {
  const time = `${Math.round(milliseconds)} ms`;
  const where = address + promptPath(name);
  switch (outcome.status) {
    case 'done': {
      if (outcome.document === null) return `done     ${printable(name)} (${time}) had its prompt  ${where}`;
      return `done     ${printable(name)} (${time}) “${firstWords(outcome.document.prompt)}”  ${where}`;
    }
    case 'gone':
      return `gone     ${printable(name)} (${time})`;
    case 'refused':
      return `refused  ${printable(name)} (${time}) ${outcome.error.code}: ${outcome.error.kind.title}  ${where}`;
    case 'deferred':
      return `deferred ${printable(name)} (${time}) ${outcome.error.code}: ${outcome.error.kind.title} It is tried again at ${outcome.until.toISOString()}.`;
    case 'failed':
      return `failed   ${printable(name)} (${time}) ${reasonOf(outcome.error)} ${isLast ? 'It is not tried again.' : 'It is tried again.'}`;
  }
}

/** An error in one line, with what it was caused by: this terminal is the operator's own. */
export function reasonOf(error: unknown): string {
  const said: string[] = [];
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const title = cause instanceof FailedError ? `${cause.code}: ${cause.kind.title}` : cause.message;
    const [line = ''] = title.trim().split('\n');
    if (line !== '' && !said.includes(line)) said.push(line);
  }
  return printable(said.join(' ← '));
}

function firstWords(prompt: string): string {
  const words = prompt.split(/\s+/);
  return printable(words.slice(0, FIRST_WORDS).join(' ')) + (words.length > FIRST_WORDS ? ' …' : '');
}

/** Without what would steer a terminal or turn the direction of its text. */
function printable(text: string): string {
  return text.replace(/\p{C}/gu, '?');
}
