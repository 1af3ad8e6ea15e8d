import { startVisionServer } from '../tests/faults/vision-server.ts';

/** The body of a child process: the service must not take its time from the thread that is measured. */
const { endpoint, key } = await startVisionServer();
process.send?.({ endpoint, key });
process.once('disconnect', () => process.exit(0));
