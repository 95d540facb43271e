import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { settled, until } from './waiting.ts';
import type { Operation, World } from './world.ts';

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
  /** The last that a list does is to count what is new. */
  const heard = async (counts: number): Promise<Operation[]> => {
    const operations = [...(await world.takeOperations())];
    while (operations.filter(({ name }) => name === 'changesCountQuery').length < counts) {
      await setTimeout(100);
      operations.push(...(await world.takeOperations()));
    }
    return operations;
  };
  const note = async (action: string, counts: number): Promise<void> => {
    const operations = await heard(counts);
    const missing = page.locator('.outcome:not([data-outcome="UNSUPPORTED"])');
    assert.deepEqual(await missing.allTextContents(), [], `${action}: a source is not shown in full`);
    const queries = operations.map(({ name, upstream }) => `\`${name}\` ${upstream}`).sort();
    const sum = operations.reduce((total, { upstream }) => total + upstream, 0);
    rows.push(`| ${action} | ${operations.length} | ${sum} | ${queries.join(', ')} |\n`);
  };

  const shown = (count: number): Promise<void> =>
    until(page, `${count} rows`, (wanted) => document.querySelectorAll('.rows .row').length === wanted, count);

  await page.waitForSelector('.rows .row');
  await page.locator('.nav .badge').waitFor();
  await note('open the console: 50 sessions, and how many wait', 2);
  await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight));
  await shown(100);
  await note('scroll on: 50 more', 0);
  await page.locator('.rows .row', { hasText: 'everruns' }).first().locator('a').click();
  await page.getByRole('complementary', { name: 'Only on Everruns' }).waitFor();
  await page.locator('.messages').waitFor({ state: 'attached' });
  await note('open a session of Everruns', 0);
  await page.goBack();
  await shown(100);
  await note('go back to the list', 1);
  for (const platform of ['AgentScope', 'Agno', 'Foundry']) {
    await page.locator('.rows .row', { hasText: platform.toLowerCase() }).first().locator('a').click();
    await page
      .getByRole('complementary', { name: `Only on ${platform === 'Foundry' ? 'Azure AI ' : ''}${platform}` })
      .waitFor();
    await page.locator('.messages').waitFor({ state: 'attached' });
    await note(`open a session of ${platform === 'Foundry' ? 'Azure AI Foundry' : platform}`, 0);
    await page.goBack();
    await shown(100);
    await heard(1);
  }
  await page.getByRole('combobox', { name: 'Order' }).selectOption('active');
  await settled(page, '?order=active');
  await note('order by last active', 1);
  await page.locator('.filters').getByRole('button', { name: 'Agent', exact: true }).click();
  await page.getByRole('checkbox', { name: 'Contract Reviewer everruns' }).waitFor();
  await note('open the filter for agents', 0);
  await page.getByRole('link', { name: 'Needs me' }).click();
  await settled(page, '?status=waiting&order=active');
  await note('open "Needs me"', 1);
  await page.getByRole('link', { name: 'Sources', exact: true }).click();
  await page.waitForSelector('.source');
  await note('open the sources', 0);
  await page.getByRole('link', { name: 'Sessions', exact: true }).click();
  await page.waitForSelector('.rows .row');
  await heard(1);
  const added = world.platform('everruns').addSession({ title: 'New' });
  await page.locator('.announced button').waitFor();
  await note('a session is made meanwhile', 2);
  world.platform('everruns').deleteSession(added);
  return [
    '| action | GraphQL requests | requests to platforms | which, with the requests to platforms of each |\n',
    '| --- | --- | --- | --- |\n',
    ...rows,
  ].join('');
}
