import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { settled, until } from './waiting.ts';
import { now, type World } from './world.ts';

type Check = (world: World) => Promise<void>;

const row = '.rows .row';
const title = `${row} .title`;

const rowsOf = (page: Page): Promise<{ href: string; title: string; status: string; source: string }[]> =>
  page.locator(row).evaluateAll((items) =>
    items.map((item) => ({
      href: item.querySelector('a')?.getAttribute('href') ?? '',
      title: item.querySelector('a')?.textContent ?? '',
      status: item.querySelector('.status')?.textContent ?? '',
      source: item.querySelector('.platform .clip')?.textContent ?? '',
    })),
  );

const titles = async (page: Page): Promise<string[]> => (await rowsOf(page)).map((seen) => seen.title);
const moreRows = (page: Page, than: number): Promise<void> =>
  until(page, `more than ${than} rows`, (count) => document.querySelectorAll('.rows .row').length > count, than);

const openMenu = (page: Page, label: string): Promise<void> =>
  page.locator('.filters').getByRole('button', { name: label, exact: true }).click();

async function scrollOnce(page: Page): Promise<void> {
  const before = await page.locator(row).count();
  await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight));
  await moreRows(page, before);
}

/** As a user does: down, and down again while there is more. */
async function scrollToTheEnd(page: Page): Promise<void> {
  await page.waitForSelector(row);
  const end = page.locator('.end').last();
  while ((await end.textContent()) !== 'No more sessions') {
    const before = await page.locator(row).count();
    await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight));
    await until(
      page,
      `more than ${before} rows, or the end`,
      (count) =>
        document.querySelectorAll('.rows .row').length > count ||
        [...document.querySelectorAll('.end')].at(-1)?.textContent === 'No more sessions',
      before,
    );
  }
}

async function assertEachOnce(page: Page, sizes: Readonly<Record<string, number>>): Promise<void> {
  const rows = await rowsOf(page);
  assert.equal(new Set(rows.map(({ href }) => href)).size, rows.length, 'a session comes twice');
  const counted = Object.fromEntries(
    Object.keys(sizes).map((source) => [source, rows.filter((seen) => seen.source === source).length]),
  );
  assert.deepEqual(counted, sizes);
}

const axe = readFileSync(fileURLToPath(import.meta.resolve('axe-core')), 'utf8');

/** All rules in light colours; in dark ones only what colours change. */
async function assertNoViolations(page: Page, where: string): Promise<void> {
  await page.evaluate(axe);
  await assertNoViolationsOf(page, 'axe.run({ resultTypes: ["violations"] })', where);
  await page.emulateMedia({ colorScheme: 'dark' });
  await assertNoViolationsOf(page, 'axe.run({ runOnly: "color-contrast" })', `${where}, dark`);
  await page.emulateMedia({ colorScheme: 'light' });
}

async function assertNoViolationsOf(page: Page, run: string, where: string): Promise<void> {
  const found = await page.evaluate(run);
  const { violations, passes } = found as {
    violations: { impact: string; id: string; nodes: { html: string; failureSummary: string }[] }[];
    passes: unknown[];
  };
  assert.ok(passes.length > 0, 'axe looked at nothing');
  const grave = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  const told = grave.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}\n${nodes[0]?.failureSummary}`);
  assert.equal(told.join('\n'), '', `${where}: ${told.join('\n')}`);
}

const pages = [
  '/',
  '/?status=waiting&order=active',
  '/sources',
  '/?status=waiting&provider=everruns&until=2026-10-01',
  '/sessions/nothing',
] as const;
const ready = '.row .title, .source, .message, .problem, .empty, .session .line';

export const checks: Readonly<Record<string, Check>> = {
  async 'scrolls from the newest session to the last and shows each once'(world) {
    const page = await world.open('/');
    await scrollToTheEnd(page);
    await assertEachOnce(page, world.sizes);
  },

  async 'fills a window that is taller than a page of sessions without being scrolled'(world) {
    const page = await world.open('/', { viewport: { width: 1360, height: 6_000 } });
    await moreRows(page, 150);
  },

  async 'says in words that a source failed, and has all of it after "Try again"'(world) {
    const page = await world.open('/');
    await page.waitForSelector(row);
    await scrollOnce(page);
    world.platform('agno').fail({ kind: 'reset' });
    await scrollOnce(page);
    const line = page.locator('.outcome');
    assert.match(
      (await line.textContent()) ?? '',
      /^agno is missing from what was read last\. Source "agno" cannot be reached or failed\. ?Try again$/,
    );
    const known = await page.locator(row).count();
    await scrollOnce(page);
    assert.ok((await page.locator(row).count()) > known, 'the other sources go on');

    await page.getByRole('button', { name: 'Try again' }).click();
    await until(page, 'the top of the list', () => window.scrollY === 0, null);
    await page.locator('.rows .platform', { hasText: 'agno' }).first().waitFor({ state: 'detached' });
    await line.waitFor();

    world.platform('agno').heal();
    await page.getByRole('button', { name: 'Try again' }).click();
    await line.waitFor({ state: 'detached' });
    await scrollToTheEnd(page);
    await assertEachOnce(page, world.sizes);
  },

  async 'goes on from where it was when a source is back while the list is scrolled'(world) {
    const page = await world.open('/');
    await page.waitForSelector(row);
    world.platform('everruns').fail({ kind: 'status', status: 503 });
    await scrollOnce(page);
    await page.locator('.outcome').waitFor();
    world.platform('everruns').heal();
    await scrollToTheEnd(page);
    await assertEachOnce(page, world.sizes);
    assert.equal(await page.locator('.outcome').count(), 0);
  },

  async 'shows why when no source can be read, and recovers'(world) {
    const { sizes } = world;
    const sources = ['foundry', 'everruns', 'agentscope-records', 'agentscope-views', 'agno'] as const;
    for (const id of sources) world.platform(id).fail({ kind: 'status', status: 503 });
    const page = await world.open('/');
    await page.getByRole('heading', { name: 'The sessions could not be read' }).waitFor();
    for (const id of sources) world.platform(id).heal();
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.waitForSelector(row);
    assert.ok(Object.keys(sizes).length === sources.length);
  },

  async 'keeps filters and order in the URL, over a reload and over the way back'(world) {
    const page = await world.open('/?status=waiting&source=everruns&order=active');
    await page.waitForSelector(row);
    const before = await rowsOf(page);
    assert.deepEqual([...new Set(before.map(({ status, source }) => `${status} ${source}`))], ['Waiting everruns']);
    assert.equal(await page.getByRole('combobox', { name: 'Order' }).inputValue(), 'active');
    await page.reload();
    await page.waitForSelector(row);
    assert.deepEqual(await rowsOf(page), before);

    await openMenu(page, 'Kind');
    await page.getByRole('checkbox', { name: 'Team' }).check();
    await page.getByRole('heading', { name: 'No session matches' }).waitFor();
    assert.equal(new URL(page.url()).search, '?status=waiting&source=everruns&order=active&kind=team');
    await page.goBack();
    await page.waitForSelector(row);
    assert.deepEqual(await rowsOf(page), before);
    await page.getByRole('link', { name: 'Clear' }).click();
    await settled(page, '?order=active');
    assert.equal(await page.locator(row).count(), 50);
  },

  async 'filters by text, by user, by agent and by a range of days'(world) {
    const page = await world.open('/?user=bob');
    await page.waitForSelector(row);
    assert.deepEqual([...new Set(await page.locator(`${row} .user`).allTextContents())], ['bob']);

    await page.goto(`${world.url}?from=2026-10-01&until=2026-10-31`);
    await page.waitForSelector(row);
    await scrollToTheEnd(page);
    const times = await page
      .locator(`${row} time`)
      .evaluateAll((all) => all.map((time) => time.getAttribute('datetime')));
    assert.ok(times.length > 0);
    for (const time of times) assert.match(time ?? '', /^2026-10-/);

    await page.goto(world.url);
    await page.waitForSelector(row);
    await page.getByRole('searchbox', { name: 'Search sessions' }).fill('release notes');
    await settled(page, '?q=release+notes');
    assert.match((await titles(page)).join(), /release notes/i);

    await page.goto(world.url);
    await page.waitForSelector(row);
    await openMenu(page, 'Agent');
    await page.getByRole('checkbox', { name: 'Contract Reviewer everruns' }).check();
    await page.waitForURL('**/?agent=*');
    await settled(page, new URL(page.url()).search);
    const seen = (await page.locator(`${row} .runs`).allTextContents()).join();
    assert.match(seen, /^(Contract Reviewer,)+Contract Reviewer$/);
    assert.deepEqual([...new Set((await rowsOf(page)).map(({ source }) => source))], ['everruns']);
  },

  async 'counts sessions in total and for each choice of a filter, where that is exact'(world) {
    // None of the other checks adds a session to these days. Platforms have a mark of two letters.
    const page = await world.open('/?until=2026-10-31');
    await page.getByRole('heading', { level: 1, name: 'Sessions 345', exact: true }).waitFor();
    const counts = async (menu: string): Promise<string[]> => {
      await openMenu(page, menu);
      const choices = page.getByRole('group', { name: menu, exact: true }).locator('label');
      await choices.first().waitFor();
      return (await choices.allInnerTexts()).map((text) => text.replace(/\s+/g, ' '));
    };
    assert.deepEqual(await counts('Status'), [
      'Waiting 16',
      'Running 25',
      'Starting 0',
      'Idle 160',
      'Failed 8',
      'Ended 16',
      'Not reported 120',
    ]);
    assert.deepEqual(await counts('Platform'), [
      'Fo Azure AI Foundry 76',
      'Ev Everruns 110',
      'As AgentScope 89',
      'Ag Agno 70',
    ]);
    assert.deepEqual(await counts('Kind'), ['Agent 320', 'Team 15', 'Workflow 10']);
    assert.deepEqual(await counts('Source'), [
      'Fo foundry 76',
      'Ev everruns 110',
      'As agentscope-records 41',
      'As agentscope-views 48',
      'Ag agno 70',
    ]);
    await openMenu(page, 'Agent');
    await page.getByRole('checkbox', { name: 'Contract Reviewer everruns 11', exact: true }).waitFor();

    // A choice counts the others anew, and its own field as before: one more can be chosen.
    await openMenu(page, 'Status');
    await page.getByRole('checkbox', { name: 'Failed' }).check();
    await settled(page, '?until=2026-10-31&status=failed');
    assert.equal(await page.locator(row).count(), 8);
    await page.getByRole('heading', { level: 1, name: 'Sessions 8', exact: true }).waitFor();
    await page.getByRole('checkbox', { name: 'Waiting 16', exact: true }).waitFor();
  },

  async 'counts nothing and announces nothing where there is no catalog, and searches titles'(world) {
    const page = await world.open(`${world.liveUrl}?q=release+notes`);
    await page.waitForSelector(row);
    for (const each of await titles(page)) assert.match(each, /release notes/i);
    assert.equal(await page.locator('.aside').count(), 0);
    assert.equal(await page.locator('h1').innerText(), 'Sessions');
    await openMenu(page, 'Status');
    await page.getByRole('checkbox', { name: 'Waiting', exact: true }).waitFor();
    assert.equal(await page.locator('.nav .badge').count(), 0);
  },

  async 'finds in the catalog what is in previews and ids, and says of what time it is'(world) {
    const page = await world.open('/?until=2026-10-31');
    await page.waitForSelector(row);
    const search = page.getByRole('searchbox', { name: 'Search sessions' });
    await search.fill('checkpointing');
    await settled(page, '?until=2026-10-31&q=checkpointing');
    const found = await titles(page);
    assert.equal(found.length, 16);
    assert.ok(found.includes('Sources on agent platforms for the board paper'));
    assert.equal(found.filter((each) => /checkpointing/.test(each)).length, 1, 'that which has no title');
    await page.getByRole('heading', { level: 1, name: 'Sessions 16', exact: true }).waitFor();
    assert.match(
      (await page.locator('.aside').innerText()) ?? '',
      /^Found in the catalog, a copy of the sessions\. Its oldest part was read /,
    );
    assert.match((await page.locator('.aside time').getAttribute('datetime')) ?? '', /^2\d{3}-/);

    const [nativeId = ''] = world.platform('everruns').sessionIds();
    await page.goto(`${world.url}?${new URLSearchParams({ q: nativeId })}`);
    await page.waitForSelector(row);
    assert.equal(await page.locator(row).count(), 1);

    await page.goto(`${world.url}?q=e`);
    await scrollToTheEnd(page);
    const count = Number((await page.locator('h1').innerText()).replace('Sessions ', ''));
    assert.ok(count > 100);
    assert.equal(await page.locator(row).count(), count);
  },

  async 'jumps to a day, goes on with what came before it, and back to the newest'(world) {
    const page = await world.open('/');
    await page.waitForSelector(row);
    const newest = await titles(page);
    // A list that was scrolled leaves nothing behind that stops the next one.
    await scrollOnce(page);
    await page.getByLabel('Jump to').fill('2026-09-15');
    await settled(page, '?until=2026-09-15');
    await scrollToTheEnd(page);
    const times = await page
      .locator(`${row} time`)
      .evaluateAll((all) => all.map((time) => time.getAttribute('datetime') ?? ''));
    assert.ok(times.length > 50);
    for (const time of times) assert.ok(time < '2026-09-16', time);
    await page.getByRole('heading', { level: 1, name: `Sessions ${times.length}`, exact: true }).waitFor();
    await page.getByRole('button', { name: 'until 2026-09-15' }).click();
    await settled(page, '');
    assert.deepEqual(await titles(page), newest);
  },

  async 'announces new sessions, shows them only when asked, and what changes at once'(world) {
    const agno = world.platform('agno');
    const changing = agno.addSession({ title: 'Before it changed', kind: 'agent', createdAt: now.getTime() - 1_000 });
    const page = await world.open('/');
    await page.waitForSelector(row);
    const before = await titles(page);
    assert.ok(before.includes('Before it changed'));
    const id = world.platform('everruns').addSession({ title: 'Made while you looked', createdAt: now.getTime() });
    const announced = page.getByRole('button', { name: '1 new session', exact: true });
    await announced.waitFor();
    assert.deepEqual(await titles(page), before);
    await announced.click();
    await until(
      page,
      'the new session in the first row',
      (selector) => document.querySelector(selector)?.textContent === 'Made while you looked',
      title,
    );
    await announced.waitFor({ state: 'detached' });
    agno.updateSession(changing, { title: 'After it changed', updatedAt: now.getTime() });
    await page.getByRole('link', { name: 'After it changed' }).waitFor();
    assert.equal(
      (await titles(page)).toString(),
      ['Made while you looked', ...before.slice(0, 49)].toString().replace('Before it', 'After it'),
    );
    world.platform('everruns').deleteSession(id);
    agno.deleteSession(changing);
  },

  async 'opens a conversation with folded calls, dimmed reasoning, images and failures'(world) {
    const platform = world.platform('agno');
    const id = platform.addSession({ title: 'All kinds of parts', kind: 'agent', createdAt: now.getTime() });
    platform.setDialogue(id, [
      {
        question: 'Which invoices are open?',
        images: [{ id: 'image-1', base64: pixel, mediaType: 'image/png' }],
        steps: [
          { kind: 'thought', text: 'I should look them up.' },
          {
            kind: 'call',
            tool: 'find_invoices',
            arguments: { open: true },
            outcome: { state: 'succeeded', result: '3 open' },
          },
          {
            kind: 'call',
            tool: 'send_mail',
            arguments: { to: 'x' },
            outcome: { state: 'failed', error: 'No such address' },
          },
          { kind: 'text', text: 'Three invoices are open.' },
        ],
      },
      { question: 'And now?', end: 'running' },
    ]);
    const page = await world.open('/?provider=agno');
    await page.getByRole('link', { name: 'All kinds of parts' }).click();
    await page.getByText('Three invoices are open.').waitFor();
    const call = page.locator('.call', { hasText: 'find_invoices' });
    assert.equal(await call.getByText('3 open').isVisible(), false);
    await call.locator('summary').click();
    assert.equal(await call.getByText('3 open').isVisible(), true);
    assert.match(
      (await page.locator('.call', { hasText: 'send_mail' }).locator('.status').textContent()) ?? '',
      /Failed/,
    );
    assert.match((await page.locator('.thought').textContent()) ?? '', /I should look them up\./);
    const width = await page.locator('.message img').evaluate(async (image: HTMLImageElement) => {
      await image.decode();
      return image.naturalWidth;
    });
    assert.equal(width, 1);
    await page.getByRole('complementary', { name: 'Only on Agno' }).waitFor();
    const label = await page.getByText('Native id', { exact: true }).boundingBox();
    assert.ok((label?.width ?? 0) > 50, 'the facts have labels that can be seen');
    await page.getByRole('complementary', { name: 'About this session' }).getByRole('link').first().click();
    await page.waitForURL('**/?agent=*');
    platform.deleteSession(id);
  },

  async 'comes back from a session to the row that was left'(world) {
    const page = await world.open('/');
    await page.waitForSelector(row);
    await scrollOnce(page);
    const link = page.locator(title).nth(70);
    await link.scrollIntoViewIfNeeded();
    const at = await page.evaluate(() => window.scrollY);
    await link.click();
    await page.waitForURL('**/sessions/*');
    await page.getByRole('heading', { level: 1 }).waitFor();
    await world.takeOperations();
    await page.goBack();
    await until(page, `the place that was left, ${at}`, (top) => Math.abs(window.scrollY - top) < 2, at);
    assert.ok((await page.locator(row).count()) >= 100);
    const asked = (await world.takeOperations()).filter(({ name }) => name !== 'changesCountQuery');
    assert.deepEqual(asked, [], 'the list is shown from the store');
  },

  async 'finds a session by the id of its platform'(world) {
    const [nativeId = ''] = world.platform('everruns').sessionIds();
    const page = await world.open(`/open/everruns/${nativeId}`);
    await page.waitForURL('**/sessions/*');
    await page.getByText(nativeId).first().waitFor();
    await page.goto(`${world.url}open/everruns/session_00000000000000000000000000000000`);
    await page.getByRole('heading', { name: 'No session matches' }).waitFor();
  },

  async 'shows the sessions that wait, with their number, and what each source can do'(world) {
    const page = await world.open('/');
    await page.getByRole('link', { name: 'Needs me' }).click();
    await settled(page, '?status=waiting&order=active');
    await scrollToTheEnd(page);
    const rows = await rowsOf(page);
    assert.deepEqual([...new Set(rows.map(({ status }) => status))], ['Waiting']);
    assert.equal(await page.locator('.nav .badge').textContent(), String(rows.length));
    await page.getByRole('heading', { level: 1, name: `Needs me ${rows.length}`, exact: true }).waitFor();
    assert.ok(new Set(rows.map(({ source }) => source)).size >= 2, 'they wait on several platforms');
    assert.equal(
      await page.locator('.aside').textContent(),
      'foundry and agno cannot say whether a session is waiting.',
    );
    await page.getByRole('link', { name: 'Sources', exact: true }).click();
    await page.waitForSelector('.source');
    assert.deepEqual(await page.locator('.source h2').allTextContents(), Object.keys(world.sizes));
    assert.deepEqual([...new Set(await page.locator('.source header .status').allTextContents())], ['Up']);
    // For the catalog too, or else its requests show that the source is well.
    world.platform('agno').fail({ kind: 'reset', match: () => true });
    await page.getByRole('link', { name: 'Sessions', exact: true }).click();
    await page.locator('.outcome').waitFor();
    await page.getByRole('link', { name: 'Sources', exact: true }).click();
    const agno = page.locator('.source', { hasText: 'agno' });
    await agno.getByText('Degraded').waitFor();
    assert.match((await agno.textContent()) ?? '', /UPSTREAM_UNAVAILABLE/);
  },

  async 'can be used with the keyboard alone'(world) {
    const page = await world.open('/');
    await page.waitForSelector(row);
    const [, second] = await titles(page);
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.keyboard.press('k');
    assert.equal(await page.evaluate(() => document.activeElement?.textContent), second);
    await page.keyboard.press('Enter');
    await page.waitForURL('**/sessions/*');
    await page.getByRole('heading', { level: 1, name: second ?? '' }).waitFor();
    assert.equal(await page.evaluate(() => document.activeElement?.tagName), 'H1');
    // The link back is right before the heading.
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Enter');
    await page.waitForURL(world.url);
    await page.waitForSelector(row);
    await page.keyboard.press('/');
    await page.keyboard.type('nda with');
    await settled(page, '?q=nda+with');
    await page.keyboard.press('Escape');
    await page.keyboard.press('j');
    assert.match((await page.evaluate(() => document.activeElement?.textContent)) ?? '', /^NDA with/i);
  },

  async 'has no serious finding of axe, in light and dark'(world) {
    const page = await world.open('/');
    for (const path of pages) {
      await page.goto(new URL(path, world.url).href);
      await page.waitForSelector(ready);
      await assertNoViolations(page, path);
    }
    await page.goto(`${world.url}?source=everruns&status=waiting`);
    await openMenu(page, 'Status');
    await assertNoViolations(page, 'an open menu');
    await openMenu(page, 'Status');
    await page.locator(title).first().click();
    await page.waitForSelector('.message');
    await assertNoViolations(page, 'a session');
  },

  async 'fits a phone without scrolling sideways'(world) {
    const page = await world.open('/', { viewport: { width: 360, height: 740 } });
    const assertFits = async (where: string): Promise<void> => {
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(width <= 360, `${where} is ${width} pixels wide`);
    };
    for (const path of pages) {
      await page.goto(new URL(path, world.url).href);
      await page.waitForSelector(ready);
      await assertFits(path);
    }
    await page.goto(`${world.url}?source=everruns&status=waiting`);
    await page.getByRole('button', { name: 'Filters' }).click();
    await openMenu(page, 'Agent');
    await assertFits('the filters');
    await page.keyboard.press('Escape');
    await page.locator(title).first().click();
    await page.waitForSelector('.message');
    await assertFits('a session');
  },

  // Last, because it is about all pages before.
  async 'logged no error, and asked nothing of another machine'(world) {
    assert.deepEqual(world.complaints, []);
  },
};

const pixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
