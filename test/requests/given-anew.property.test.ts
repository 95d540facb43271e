import { expect, onTestFinished, test, vi } from 'vitest';
import { makeAnew } from '../../src/domain/make.ts';
import { createLoaders } from '../../src/loaders/create-loaders.ts';
import { createRandom } from '../pagination/world.ts';
import { type RunningPlatform, startPlatform } from '../sandbox-controls/platform.ts';
import type { Answer, Asked, AskedConfig } from '../server/ask.ts';
import { contextsOf, openChanged, openCounted } from './counted-pages.ts';

const secret = 'a shared secret of more than thirty-two characters';
const auth = { mode: 'header', header: 'x-viewer', secretHeader: 'x-proxy-secret', secret };
const viewers = ['alice', 'bob'] as const;

const queries = [
  '{ sessions(first: 5) { nodes { id title } } }',
  `query ($after: String) { sessions(first: 4, after: $after) {
    edges { cursor node { id title status agent { id name } } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor } totalCount outcomes { status ageMs error { code } scanned }
  } }`,
  `{ sessions(last: 3) { nodes { id agent { name sessions(first: 2) { nodes { id title } } } } } agents(first: 3) { nodes { id name } } }`,
  '{ sessions(first: 3, orderBy: { field: UPDATED_AT, direction: DESC }) { nodes { id title } outcomes { status error { code } } } }',
  `{ newest: sessions(first: 2) { nodes { id team { name } } } found: sessions(first: 2, filter: { search: "a" }) { nodes { id } } }`,
];

/** The same, but each operation makes everything itself. */
function openMakingAnew(config: AskedConfig): Asked {
  return openChanged(config, contextsOf(config), (context) => ({
    ...context,
    make: makeAnew,
    loaders: createLoaders(context.sources),
  }));
}

function toSource({ platform, url }: RunningPlatform) {
  return { id: platform, provider: platform, url, ...(platform === 'everruns' ? {} : { user: 'viewer' }) };
}

interface Asking {
  readonly viewer: string;
  readonly body: { readonly query: string; readonly variables: { readonly after: string | null } };
}

const worlds = Math.max(2, Math.floor(Number(process.env.FUZZ_WORLDS) / 25));

/** What is said of places that failed is in a cursor in the order in which they did. */
function told({ text }: Answer): string {
  return /"(FAILED|PARTIAL)"/.test(text) ? text.replaceAll(/ursor":"[^"]+"/g, 'ursor":""') : text;
}

test('whatever platforms do, whoever is given a page is told what merging it would tell', async () => {
  let time = performance.now();
  const spy = vi.spyOn(performance, 'now').mockImplementation(() => time);
  onTestFinished(() => void spy.mockRestore());
  let given = 0;
  for (let seed = 1; seed <= worlds; seed += 1) given += await walkWorld(seed);
  expect(given).toBeGreaterThan(worlds * 8);

  /** How many pages were given. */
  async function walkWorld(seed: number): Promise<number> {
    const random = createRandom(seed);
    const pick = <Item>(items: readonly Item[]): Item => {
      const item = items[Math.floor(random() * items.length)];
      if (item === undefined) throw new Error('There is nothing to pick.');
      return item;
    };
    const platforms: RunningPlatform[] = [];
    for (const platform of [pick(['foundry', 'agentscope'] as const), pick(['everruns', 'agno'] as const)]) {
      const started = await startPlatform({ platform, sessions: 24, agents: 3, users: viewers });
      onTestFinished(() => started.close());
      platforms.push(started);
    }
    const limits = { http: { retries: 0, breakerFailures: 1_000 }, query: { requestsPerMinute: 100_000 } };
    const sharing = pick([{}, { sessionsMs: 300 }, { directoryMs: 700 }, { staleMs: 2_000 }, { maxBytes: 600_000 }]);
    const config = { server: { auth, limits, sharing }, sources: platforms.map(toSource) };
    const [giving, anew] = [openCounted(config), openMakingAnew(config)];
    const cursors: (string | null)[] = [null];
    let heal = () => {};
    let asked: Asking | null = null;

    for (let step = 1; step <= 60; step += 1) {
      const platform = pick(platforms);
      const chance = random();
      if (chance < 0.04) platform.addSession(platform.platform === 'everruns' ? {} : { user: pick(viewers) });
      else if (chance < 0.08) platform.updateSession(pick(platform.sessionIds()), { title: `Step ${step}` });
      else if (chance < 0.12) platform.deleteSession(pick(platform.sessionIds()));
      else if (chance < 0.15) heal = platform.fail({ kind: 'status', status: pick([400, 403, 500]) });
      else if (chance < 0.25) heal();
      else if (chance < 0.4) time += Math.floor(random() * 700);

      if (asked === null || random() < 0.35) {
        const query = pick(queries);
        const after = query.includes('$after') ? pick(cursors) : null;
        asked = { viewer: pick(viewers), body: { query, variables: { after } } };
      }
      const { viewer, body } = asked;
      const noCache: Readonly<Record<string, string>> = random() < 0.05 ? { 'cache-control': 'no-cache' } : {};
      const headers = { 'x-viewer': viewer, 'x-proxy-secret': secret, ...noCache };
      const atOnce = random() < 0.3 ? 3 : 1;
      const answers = await Promise.all(Array.from({ length: atOnce }, () => giving.ask(body, headers)));
      const expected = await anew.ask(body, headers);
      for (const answer of answers) {
        expect(told(answer), `world ${seed}, step ${step}: ${body.query} as ${viewer}`).toBe(told(expected));
      }
      const next = /"endCursor":"([^"]+)"/.exec(expected.text)?.[1];
      if (next !== undefined && cursors.length < 3) cursors.push(next);
    }
    return giving.pages().given;
  }
});
