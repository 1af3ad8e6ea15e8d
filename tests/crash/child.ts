import { parseConfig } from '../../core/config.ts';
import { createLog } from '../../core/log.ts';
import { createProgram } from '../../core/program.ts';
import { QueueWorker } from '../../core/queue/worker.ts';

/** The body of a child process: works on the queue that its environment names, until it is killed or alone. */
const [concurrency] = process.argv.slice(2);

process.once('disconnect', () => process.exit(0));

const config = parseConfig(process.env);
if (config.storage === null) throw new Error('these settings name no storage');
const { handler } = await createProgram(config, config.storage, createLog('silent'));
const worker = new QueueWorker({
  handler,
  clock: handler.clock,
  concurrency: Number(concurrency),
  report: () => {},
  warn: () => {},
  maxPause: 100,
  grace: 1_000,
});
await worker.run(new AbortController().signal);
