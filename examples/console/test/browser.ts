import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const usual = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/** The system's own browser: nothing is downloaded. */
export async function startBrowser(): Promise<Browser> {
  const named = process.env.CHROMIUM;
  const path = named ?? usual.find((each) => existsSync(each));
  if (path === undefined || !existsSync(path)) {
    throw new Error(
      named === undefined
        ? `There is no Chromium at ${usual.join(', ')}. Install one, or set CHROMIUM to the path of one.`
        : `There is no browser at ${named}, which CHROMIUM names.`,
    );
  }
  // Containers run as root, for whom its own sandbox does not start, and have little shared memory.
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return chromium.launch({
    executablePath: path,
    // Playwright would close the browser and let the tests go on without one: tests.ts ends both.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
    args: [...args, '--disable-dev-shm-usage', '--lang=en-US', '--font-render-hinting=none'],
  });
}
