import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import type { World } from './world.ts';

const readme = new URL('../README.md', import.meta.url);
const [begin, end] = ['<!-- requests -->\n', '<!-- /requests -->'];

/** What each action of a user costs, written into the README or compared with it. */
export async function checkRequests(world: World, isUpdate: boolean): Promise<void> {
  const text = readFileSync(readme, 'utf8');
  const [before = '', rest = ''] = text.split(begin);
  const [written = '', after = ''] = rest.split(end);
  assert.ok(after !== '', `README.md needs ${begin.trim()} and ${end}`);
  const measured = await measure(world);
  if (isUpdate) writeFileSync(readme, `${before}${begin}${measured}${end}${after}`);
  else assert.equal(measured, written);
}

async function measure(world: World): Promise<string> {
  const rows: string[] = [];
  await world.takeOperations();
  const page = await world.open('/');
  const note = async (action: string): Promise<void> => {
    const operations = await world.takeOperations();
    const queries = operations.map(({ name, upstream }) => `\`${name}\` ${upstream}`).sort();
    const sum = operations.reduce((total, { upstream }) => total + upstream, 0);
    rows.push(`| ${action} | ${operations.length} | ${sum} | ${queries.join(', ')} |\n`);
  };

  await page.waitForSelector('.rows .row');
  await page.locator('.nav .badge').waitFor();
  await note('open the console: 50 sessions, and how many wait');
  await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight));
  await page.waitForFunction(() => document.querySelectorAll('.rows .row').length === 100);
  await note('scroll on: 50 more');
  await page.locator('.rows .row', { hasText: 'everruns' }).first().locator('a').click();
  await page.getByRole('complementary', { name: 'Only on Everruns' }).waitFor();
  await page.locator('.messages').waitFor({ state: 'attached' });
  await note('open a session of Everruns');
  await page.goBack();
  await page.waitForFunction(() => document.querySelectorAll('.rows .row').length === 100);
  await note('go back to the list');
  for (const platform of ['AgentScope', 'Agno', 'Foundry']) {
    await page.locator('.rows .row', { hasText: platform.toLowerCase() }).first().locator('a').click();
    await page
      .getByRole('complementary', { name: `Only on ${platform === 'Foundry' ? 'Azure AI ' : ''}${platform}` })
      .waitFor();
    await page.locator('.messages').waitFor({ state: 'attached' });
    await note(`open a session of ${platform === 'Foundry' ? 'Azure AI Foundry' : platform}`);
    await page.goBack();
    await page.waitForFunction(() => document.querySelectorAll('.rows .row').length === 100);
  }
  await page.getByRole('radio', { name: 'Last active' }).check();
  await page.waitForURL('**/?order=active');
  await page.waitForFunction(() => document.querySelector('.list')?.getAttribute('data-pending') === 'false');
  await note('order by last active');
  await page.locator('summary', { hasText: 'Agent' }).click();
  await page.getByRole('checkbox', { name: 'Contract Reviewer everruns' }).waitFor();
  await note('open the filter for agents');
  await page.getByRole('link', { name: 'Needs me' }).click();
  await page.getByText('Sessions on all platforms that wait').waitFor();
  await page.waitForSelector('.rows .row');
  await note('open "Needs me"');
  await page.getByRole('link', { name: 'Sources', exact: true }).click();
  await page.waitForSelector('.source');
  await note('open the sources');
  await page.getByRole('link', { name: 'Sessions', exact: true }).click();
  await page.waitForSelector('.rows .row');
  await world.takeOperations();
  const added = world.platform('everruns').addSession({ title: 'New' });
  await page.clock.fastForward(31_000);
  await page.locator('.announced button').waitFor();
  await note('look for new sessions (every 30 s while the page is seen)');
  world.platform('everruns').deleteSession(added);
  return [
    '| action | GraphQL requests | requests to platforms | which, with the requests to platforms of each |\n',
    '| --- | --- | --- | --- |\n',
    ...rows,
  ].join('');
}
