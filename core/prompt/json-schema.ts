import * as z from 'zod';
import { promptDocument } from './document.ts';

/** The document's JSON Schema (2020-12), in one piece and open to added fields, as readers of version 1 must be. */
export function promptSchema(): object {
  // The schema of what is read, not of what is written: that one would forbid additional properties.
  return z.toJSONSchema(promptDocument, { io: 'input', target: 'draft-2020-12', reused: 'inline' });
}
