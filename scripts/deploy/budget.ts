import { appendFile } from 'node:fs/promises';
import { az } from './az.ts';
import { budgetStart } from './budget-start.ts';

/** Prints when the budget of the resource group RESOURCE_GROUP_ID begins, also as the output `start` of a step. */

const { RESOURCE_GROUP_ID, GITHUB_OUTPUT } = process.env;
if (!RESOURCE_GROUP_ID) throw new Error('RESOURCE_GROUP_ID is missing');
const start = await budgetStart(RESOURCE_GROUP_ID, az, new Date());
if (GITHUB_OUTPUT) await appendFile(GITHUB_OUTPUT, `start=${start}\n`);
console.log(start);
