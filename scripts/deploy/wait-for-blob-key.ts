import { SYSTEM_CLOCK } from '../../core/clock.ts';
import { az } from './az.ts';
import { waitForBlobKey } from './blob-key.ts';

/** The function app's resource id stands in FUNCTION_APP_ID. Ends with 0 once its key is there, with 1 after ten minutes. */

const app = process.env.FUNCTION_APP_ID;
if (!app) throw new Error('FUNCTION_APP_ID is missing: the resource id of the function app');
const stop = new AbortController();
process.once('SIGINT', () => stop.abort()).once('SIGTERM', () => stop.abort());
const isThere = await waitForBlobKey({
  app,
  az,
  clock: SYSTEM_CLOCK,
  deadlineMs: 600_000,
  signal: stop.signal,
});
console.log(
  isThere ? 'the key blobs_extension is there' : 'there is still no key blobs_extension: does the app run?',
);
process.exitCode = isThere ? 0 : 1;
