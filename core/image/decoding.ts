import { availableParallelism } from 'node:os';
import pLimit from 'p-limit';

/** All decodes of the program go through here: more at once than cores only cost memory. */
export const decoding = pLimit(availableParallelism());
