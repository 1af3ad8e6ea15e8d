import * as z from 'zod';
import type { Az } from './az.ts';

/** Of bicep/modules/budget.bicep. */
const NAME = 'monthly';

const BUDGETS = z.object({
  value: z.array(
    z.object({
      name: z.string(),
      properties: z.object({ timePeriod: z.object({ startDate: z.string().regex(/^\d{4}-\d{2}-01/) }) }),
    }),
  ),
});

/**
 * Azure makes no budget that begins before this month, and lets none that is there begin anew: so what is there stays.
 * @param resourceGroup its resource id
 * @returns the first day of the month in which the group's budget begins; of this month where it has none
 */
export async function budgetStart(resourceGroup: string, az: Az, now: Date): Promise<string> {
  const url = `${resourceGroup}/providers/Microsoft.Consumption/budgets?api-version=2026-06-01`;
  // Azure answers with nothing at all where there are none.
  const said = (await az(['rest', '--method', 'get', '--url', url])) || '{"value": []}';
  const budget = BUDGETS.parse(JSON.parse(said)).value.find(({ name }) => name === NAME);
  return budget?.properties.timePeriod.startDate.slice(0, 10) ?? `${now.toISOString().slice(0, 7)}-01`;
}
