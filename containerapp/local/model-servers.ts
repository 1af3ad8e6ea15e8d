import { z } from 'zod';

/** A program that serves models on this machine, and where it does unless told otherwise. */
export interface ModelServer {
  readonly name: string;
  readonly port: number;
  /** Lists the models. */
  readonly path: string;
}

export const MODEL_SERVERS: readonly ModelServer[] = [
  { name: 'Ollama', port: 11_434, path: '/api/tags' },
  { name: 'LM Studio', port: 1_234, path: '/v1/models' },
  { name: 'vLLM', port: 8_000, path: '/v1/models' },
];

export interface FoundModel {
  readonly server: string;
  /** What VISION_ENDPOINT has to be. */
  readonly endpoint: string;
  readonly model: string;
  /** Whether its name says that it takes images. */
  readonly seesImages: boolean;
}

export interface FindOptions {
  readonly servers?: readonly ModelServer[];
  /** Of this program's own servers: not asked. */
  readonly ownPorts: readonly number[];
  /** Nothing is waited for when it aborts. */
  readonly signal: AbortSignal;
}

/** Looks on this machine only for servers that list a model; each is asked one question and not used. Never fails. */
export async function findModels(options: FindOptions): Promise<readonly FoundModel[]> {
  const { servers = MODEL_SERVERS, ownPorts, signal } = options;
  const asked = servers.filter(({ port }) => !ownPorts.includes(port));
  // What does not listen, is too slow or is something else is simply not there.
  const found = await Promise.all(asked.map((server) => findModel(server, signal).catch(() => null)));
  return found.filter((model) => model !== null);
}

async function findModel({ name, port, path }: ModelServer, signal: AbortSignal): Promise<FoundModel | null> {
  const origin = `http://127.0.0.1:${port}`;
  // What answers may be anything: it shall not send us elsewhere.
  const answer = await fetch(origin + path, { signal, redirect: 'error' });
  const names = modelNames(JSON.parse(await read(answer)));
  const seeing = names.find(seesImages);
  const model = seeing ?? names.find((other) => !/embed/i.test(other));
  if (!answer.ok || model === undefined) return null;
  return { server: name, endpoint: `${origin}/v1`, model, seesImages: seeing !== undefined };
}

const MAX_ANSWER_BYTES = 1024 * 1024;

async function read({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    size += chunk.byteLength;
    if (size > MAX_ANSWER_BYTES) throw new Error('the list of models is too long');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

const ollamaList = z.object({ models: z.array(z.object({ name: z.string() })) });
const openaiList = z.object({ data: z.array(z.object({ id: z.string() })) });

/** Only those that are safe to be pasted into a shell: a name is printed as part of the settings. */
function modelNames(list: unknown): string[] {
  const parsed = z.union([ollamaList, openaiList]).parse(list);
  const names = 'models' in parsed ? parsed.models.map(({ name }) => name) : parsed.data.map(({ id }) => id);
  return names.filter((name) => /^\w[\w.:/@+-]{0,99}$/.test(name));
}

/** The families of open models that take images. Of Gemma 3 the small ones do not, and Gemma 3n does not as served. */
const SEEING =
  /llava|vision|vlm|(?:^|[^a-z])vl\d*(?:[^a-z]|$)|moondream|minicpm-?[vo]|pixtral|gemma-?(?:3|4)(?!n)(?!.*\b(?:270m|1b))|llama-?4|mistral-small-?3|internvl|florence|granite.*vision/i;

function seesImages(model: string): boolean {
  return SEEING.test(model);
}
