import { parseArgs } from 'node:util';
import { startBrowser } from './browser.ts';
import { checks } from './checks.ts';
import { takePictures } from './pictures.ts';
import { checkRequests } from './requests.ts';
import { createWorld, type World } from './world.ts';

const usage = `Usage: npm run test:console -- [--only <words of a title>] [--update]
  --update  also writes the table and the pictures of examples/console/README.md
`;

const { values } = parseArgs({
  options: { only: { type: 'string' }, update: { type: 'boolean' }, help: { type: 'boolean' } },
});

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => {
    process.stdout.write(`Stopped by ${signal}.\n`);
    process.exit(1);
  });
}

async function run(): Promise<void> {
  let passed = 0;
  let failed = 0;
  const attempt = async (world: World, title: string, act: () => Promise<void>): Promise<void> => {
    const started = performance.now();
    try {
      await within(300, act());
      passed += 1;
      process.stdout.write(`passed  ${title} (${((performance.now() - started) / 1000).toFixed(1)} s)\n`);
    } catch (error) {
      failed += 1;
      process.stdout.write(`FAILED  ${title}\n${error instanceof Error ? error.stack : String(error)}\n`);
    } finally {
      await world.closePages();
    }
  };

  await using world = await createWorld(startBrowser, { size: 400 });
  const measured = 'costs for each action of a user what README.md says';
  if (measured.includes(values.only ?? '')) {
    await attempt(world, measured, () => checkRequests(world, values.update === true));
  }
  for (const [title, check] of Object.entries(checks)) {
    if (title.includes(values.only ?? '')) await attempt(world, title, () => check(world));
  }
  if (values.update === true) {
    // A sandbox whose first page shows a bit of everything, in letters that this machine's fonts have.
    await using pictured = await createWorld(startBrowser, { size: 2000, seed: 23 });
    await takePictures(pictured);
    await pictured.closePages();
  }
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
  process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
}

/** A browser that hangs answers nothing, and some of what it is asked has no limit of its own. */
async function within(seconds: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`This was not done after ${seconds} s.`)), seconds * 1_000);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

if (values.help === true) process.stdout.write(usage);
else await run();
