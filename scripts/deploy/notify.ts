import { noticeOf } from './notice.ts';

/**
 * POSTs a notice to NOTIFY_URL, if there is one: to the n8n workflow of this repository, or to whatever takes JSON. That nobody can
 * be told is said in the log and fails nothing: what was deployed is deployed.
 */

const url = process.env.NOTIFY_URL;
if (url) {
  const body = JSON.stringify(noticeOf(process.env, new Date()));
  const headers = { 'content-type': 'application/json' };
  try {
    const answer = await fetch(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(30_000) });
    console.log(`told: ${answer.status}`);
    if (!answer.ok) console.log('::warning::the notification was refused');
  } catch (error) {
    // The address holds a secret, and the error may hold the address.
    console.log(`::warning::nobody could be told: ${error instanceof Error ? error.name : 'error'}`);
  }
} else {
  console.log('NOTIFY_URL is not set: nobody is told');
}
