import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { OPERATIONS } from '../../../../core/api/operations.ts';
import { startAzurite } from '../../../azurite.ts';
import { describeInBrowser, startBrowser, type TestBrowser } from '../../../browser.ts';
import { OWN_HOSTS, type RunningHost } from '../../../hosts.ts';

describeInBrowser('the page of the docs, in a browser', () => {
  let azurite: Awaited<ReturnType<typeof startAzurite>>;
  let host: RunningHost;
  let browser: TestBrowser;

  beforeAll(async () => {
    azurite = await startAzurite();
    const server = OWN_HOSTS.find((one) => one.host === 'the container server');
    if (!server) throw new Error('there is no container server');
    host = await server.start({ STORAGE: azurite.connectionString });
    browser = await startBrowser();
  });
  afterAll(async () => {
    await browser.close();
    await host.close();
    await azurite.close();
  });

  test('shows every operation, breaks no policy, and asks nobody else for anything', async () => {
    const { page, faults, origins } = await browser.visit(`${host.origin}/api/docs`);
    await page.locator('.opblock').first().waitFor();
    const summaries = await page.locator('.opblock-summary-description').allTextContents();
    for (const { summary } of OPERATIONS) expect(summaries).toContain(summary);
    expect(faults).toEqual([]);
    expect([...origins]).toEqual([host.origin]);
  });

  test('tries an operation out', async () => {
    const { page, faults, origins } = await browser.visit(`${host.origin}/api/docs#/default/getLive`);
    const operation = page.locator('.opblock', { has: page.locator('[data-path="/api/live"]') });
    await operation.getByRole('button', { name: 'Try it out' }).click();
    await operation.getByRole('button', { name: 'Execute' }).click();
    const answer = operation.locator('.live-responses-table .response');
    await answer.waitFor();
    expect(await answer.locator('.response-col_status').textContent()).toContain('200');
    expect(await answer.locator('.response-col_description').textContent()).toContain('"status": "ok"');
    expect(faults).toEqual([]);
    expect([...origins]).toEqual([host.origin]);
  });
});
