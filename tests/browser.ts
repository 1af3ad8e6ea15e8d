import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium, type Page } from 'playwright-core';
import { describeUnless } from './lacking.ts';

const DEADLINE_MS = 30_000;

/** As systems call it; another one where CHROMIUM names its file. */
const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

function findChromium(): string | undefined {
  const folders = process.env.PATH?.split(delimiter) ?? [];
  const files = folders.flatMap((folder) => NAMES.map((name) => join(folder, name)));
  return process.env.CHROMIUM ?? files.find((file) => existsSync(file));
}

const executablePath = findChromium();

/** Tests in a real browser. */
export const describeInBrowser = describeUnless(
  executablePath === undefined ? 'needs Chromium: install it, or set CHROMIUM to its file' : null,
);

/** A page that is open, and what has happened on it so far. */
interface Visit {
  readonly page: Page;
  /** Uncaught errors, errors on the console, and what the page's policy forbade. */
  readonly faults: readonly string[];
  /** Origins that something was asked of, each once. */
  readonly origins: ReadonlySet<string>;
}

export interface TestBrowser {
  /** Opens an address in a profile of its own. */
  visit(address: string): Promise<Visit>;
  close(): Promise<void>;
}

export async function startBrowser(): Promise<TestBrowser> {
  if (executablePath === undefined) throw new Error('there is no Chromium');
  const browser = await chromium.launch({ executablePath, timeout: DEADLINE_MS });
  return {
    async visit(address) {
      const page = await browser.newPage();
      page.setDefaultTimeout(DEADLINE_MS);
      const faults: string[] = [];
      const origins = new Set<string>();
      page.on('pageerror', ({ message }) => faults.push(message));
      page.on('console', (message) => {
        if (message.type() === 'error') faults.push(message.text());
      });
      page.on('request', (request) => {
        const { protocol, origin } = new URL(request.url());
        // A `data:` address is written into what names it.
        if (protocol !== 'data:') origins.add(origin);
      });
      page.on('websocket', (socket) => origins.add(new URL(socket.url()).origin));
      await page.goto(address);
      return { page, faults, origins };
    },
    close: () => browser.close(),
  };
}
