import { once } from 'node:events';
import { mock } from 'node:test';

/** Is asked to end, by itself, and does not; the time until it is ended is passed over. */

mock.timers.enable({ apis: ['setTimeout'] });
const { stopping } = await import('../../containerapp/stop.ts');
setInterval(() => {}, 1_000);
const asked = once(stopping, 'abort');
process.kill(process.pid, 'SIGTERM');
await asked;
mock.timers.tick(27_999);
process.stdout.write('still there');
mock.timers.tick(1);
