import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

/**
 * The body of a child process that loads a built app as the Functions worker does, and calls its functions when it is
 * told to. `node worker-process.ts <main file>`, with an IPC channel.
 */

/** How a function is bound, as the host sees it. */
export interface Registration {
  readonly name: string;
  readonly bindings: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

export interface Loaded {
  readonly registrations: readonly Registration[];
  /** Where the host sends HTTP requests to when streaming is on, each with the id of its invocation. */
  readonly httpUri: string;
  /** What the app says that it does by itself. */
  readonly capabilities: Readonly<Record<string, string>>;
}

export interface Call {
  readonly invocationId: string;
  readonly name: string;
  /** What triggered it, as text; nothing where the function does not look at it. */
  readonly input?: string;
  readonly triggerMetadata: Readonly<Record<string, { readonly string?: string; readonly json?: string }>>;
  /** Of the host's own span for it: https://www.w3.org/TR/trace-context/ */
  readonly traceParent?: string;
}

/** Said to the app before it is ended. */
export interface Terminate {
  readonly terminate: true;
}

export interface Called {
  readonly invocationId: string;
  /** Null when the function ended well. */
  readonly error: string | null;
}

type Handler = (...inputs: unknown[]) => unknown;

interface Invocation {
  getArguments(): Promise<{ context: unknown; inputs: unknown[] }>;
  invokeFunction(context: unknown, inputs: unknown[], handler: Handler): Promise<unknown>;
  getResponse(context: unknown, result: unknown): Promise<unknown>;
}

interface ProgrammingModel {
  getCapabilities(capabilities: object): Promise<Readonly<Record<string, string>>>;
  getInvocationModel(invocation: object): Invocation;
}

const terminateHooks: ((context: object) => unknown)[] = [];
const functions = new Map<string, { readonly metadata: Registration; readonly handler: Handler }>();
let model: ProgrammingModel | undefined;

/** Stands in for `@azure/functions-core`, which exists in the worker only. */
const core = {
  log() {},
  registerHook(name: string, hook: (context: object) => unknown) {
    if (name === 'appTerminate') terminateHooks.push(hook);
    return { dispose() {} };
  },
  setProgrammingModel(given: ProgrammingModel) {
    model = given;
  },
  registerFunction(metadata: Registration, handler: Handler) {
    functions.set(metadata.name, { metadata, handler });
    return { dispose() {} };
  },
};

// The worker gives its package to `require` in this very way.
const { prototype } = createRequire(import.meta.url)('node:module');
const requireModule = prototype.require;
prototype.require = function requireOrCore(this: unknown, name: string) {
  return name === '@azure/functions-core' ? core : requireModule.call(this, name);
};

async function call({ invocationId, name, input = '', triggerMetadata, traceParent }: Call): Promise<void> {
  const { metadata, handler } = functions.get(name) ?? {};
  if (!model || !metadata || !handler) throw new Error(`no function ${name}`);
  const inputData = Object.entries(metadata.bindings)
    .filter(([, { direction }]) => direction === 'in')
    // The Durable extension hands over JSON.
    .map(([binding, { type }]) => ({
      name: binding,
      data: type === 'orchestrationTrigger' ? { json: input } : { string: input },
    }));
  const invocation = model.getInvocationModel({
    invocationId,
    metadata,
    request: { inputData, triggerMetadata, ...(traceParent && { traceContext: { traceParent } }) },
    log() {},
  });
  const { context, inputs } = await invocation.getArguments();
  const result = await invocation.invokeFunction(context, inputs, handler);
  await invocation.getResponse(context, result);
}

function send(message: Loaded | Called): void {
  process.send?.(message);
}

process.on('message', async (message: Call | Terminate) => {
  if ('terminate' in message) {
    for (const hook of terminateHooks) await hook({ hookData: {}, appHookData: {} });
    process.disconnect?.();
    return;
  }
  const { invocationId } = message;
  call(message).then(
    () => send({ invocationId, error: null }),
    (error) => send({ invocationId, error: String(error) }),
  );
});
process.on('disconnect', () => process.exit());

await import(pathToFileURL(process.argv[2] ?? '').href);
const capabilities = (await model?.getCapabilities({})) ?? {};
const { HttpUri: httpUri = '' } = capabilities;
send({ registrations: [...functions.values()].map(({ metadata }) => metadata), httpUri, capabilities });
