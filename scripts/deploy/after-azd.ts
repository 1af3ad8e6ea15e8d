import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { SYSTEM_CLOCK } from '../../core/clock.ts';
import { az } from './az.ts';
import { waitForBlobKey } from './blob-key.ts';

/**
 * What `azd up` runs after it deployed the code: waits for the key that Event Grid needs, and provisions again with the
 * subscription. azd hands over the outputs of bicep/main.bicep as variables.
 */

const run = promisify(execFile);
const { INGEST, FUNCTION_APP_ID, BLOB_TRIGGER_KEY_READY } = process.env;

if (INGEST !== 'blobTrigger' || !FUNCTION_APP_ID) {
  console.log('nothing more to do');
} else if (BLOB_TRIGGER_KEY_READY === 'true') {
  console.log('Event Grid tells the app of images already');
} else {
  const { signal } = new AbortController();
  const wait = { app: FUNCTION_APP_ID, az, clock: SYSTEM_CLOCK, deadlineMs: 600_000, signal };
  if (!(await waitForBlobKey(wait)))
    throw new Error('there is no key blobs_extension after ten minutes: does the app run?');
  await run('azd', ['env', 'set', 'BLOB_TRIGGER_KEY_READY', 'true']);
  await run('azd', ['provision', '--no-prompt']);
  console.log('Event Grid tells the app of images');
}
