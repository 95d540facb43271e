import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { World } from './world.ts';

const folder = fileURLToPath(new URL('../../../docs/images/', import.meta.url));

/** The pictures of the README. */
export async function takePictures(world: World): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const light = await world.open('/', { deviceScaleFactor: 2 });
  await light.locator('.nav .badge').waitFor();
  await light.waitForSelector('.rows .row');
  await light.screenshot({ path: `${folder}console-light.png` });

  const dark = await world.open('/?status=running&provider=agentscope', { colorScheme: 'dark', deviceScaleFactor: 2 });
  await dark.getByRole('link', { name: 'Interview plan: platform engineer, Nairobi' }).click();
  await dark.waitForSelector('.message');
  await dark.locator('.side .facts').nth(1).waitFor();
  await dark.locator('.call summary').first().click();
  await dark.screenshot({ path: `${folder}console-dark.png` });

  const phone = await world.open('/', { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2 });
  await phone.locator('.nav .badge').waitFor();
  await phone.waitForSelector('.rows .row');
  await phone.screenshot({ path: `${folder}console-phone.png` });

  world.platform('agno').fail({ kind: 'reset' });
  const failing = await world.open('/', { viewport: { width: 1360, height: 420 }, deviceScaleFactor: 2 });
  await failing.locator('.outcome').waitFor();
  world.platform('everruns').addSession({ title: 'Ticket SUP-2940: export stops at 10,000 rows' });
  await failing.locator('.announced button').waitFor();
  await failing.screenshot({ path: `${folder}console-failing.png` });
}
