import { createHash, randomBytes } from 'node:crypto';

/** Bits that no one can guess, and nothing that a shell or an address would change. */
const key = randomBytes(32).toString('base64url');
const hash = createHash('sha256').update(key).digest('hex');
console.log(`key, for who calls   ${key}\nhash, for API_KEYS   ${hash}`);
