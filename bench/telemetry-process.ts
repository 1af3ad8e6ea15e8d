import { parseConfig } from '../core/config.ts';
import { describeImage } from '../core/describe/describe-image.ts';
import { createLog, standardOutput } from '../core/log.ts';
import { createProgram } from '../core/program.ts';
import { handleMessage } from '../core/queue/handle-message.ts';
import { encodeEvent } from '../core/queue/message.ts';
import { describing } from '../core/telemetry/spans.ts';
import { startTelemetry } from '../core/telemetry/start.ts';
import { photo } from '../tests/fixtures/images/photo.ts';
import { MemoryBlobs } from '../tests/memory/memory-blobs.ts';
import { MemoryQueue } from '../tests/memory/memory-queue.ts';

/**
 * The body of a child process: describes as many images as it is told to, as the worker does, and answers with the CPU time
 * it has taken so far. Told to describe none, it sends what is left of its telemetry first.
 */

const storage = { connectionString: 'UseDevelopmentStorage=true' };
const config = parseConfig({ STORAGE: storage.connectionString });
const telemetry = await startTelemetry(process.env, createLog('warn'));
const log = createLog('info', [standardOutput(), ...telemetry.sinks]);
// Nothing of it is asked: blobs and queues are in memory.
const { settings, handler } = await createProgram(config, storage, log);
const { clock } = settings;
const blobs = new MemoryBlobs(clock);
const place = { events: new MemoryQueue(clock), poison: new MemoryQueue(clock, 'poison') };
const { signal } = new AbortController();
const side = Number(process.argv[2]);
const jpeg = await photo({ width: side, height: side });
let described = 0;

async function describeNext(): Promise<void> {
  const name = `${described++}.jpg`;
  // What follows the end of a JPEG makes it a content of its own.
  const bytes = Buffer.concat([jpeg, Buffer.from(name)]);
  await blobs.write(name, bytes, { contentType: 'image/jpeg', condition: 'new' });
  await describing(async () => {
    const body = encodeEvent({ container: blobs.container, name });
    const here = {
      ...handler,
      ...place,
      container: blobs.container,
      describe: (event: Parameters<typeof describeImage>[0], attempt: number) =>
        describeImage(event, blobs, settings, { attempt, signal }),
    };
    const handled = await handleMessage({ body, dequeueCount: 1 }, here, signal);
    if (handled.status !== 'handled' || handled.outcome.status !== 'done') throw new Error(handled.status);
    log.info({ name, outcome: handled.outcome.status }, handled.outcome.status);
  });
  for (const output of [name, `${name}.prompt.json`]) await blobs.remove(output);
}

process.on('message', async (count: number) => {
  for (let index = 0; index < count; index++) await describeNext();
  if (count === 0) await telemetry.stop();
  const { user, system } = process.cpuUsage();
  process.send?.((user + system) / 1_000);
});
process.once('disconnect', () => process.exit());
process.send?.(0);
