/**
 * `npm run measure:fanout`: what a page of merged sessions costs upstream, at the start of a walk and deep in it, for sources
 * of one size and for sources of very different sizes. Counts, not times: the same on every machine.
 */

import type { Connection } from '../../src/connections/connection.ts';
import type { SessionRecord } from '../../src/domain/records.ts';
import { sessionConnection } from '../../src/resolvers/query/sessions.ts';
import type { PlatformName } from '../../src/sandbox/platforms.ts';
import { createHarness } from '../harness.ts';
import { type RunningPlatform, startPlatform } from '../sandbox-controls/platform.ts';

const pageSize = 20;
const measuredPages = [1, 10, 100];

interface World {
  readonly name: string;
  readonly sessions: Readonly<Record<PlatformName, number>>;
}

const worlds: readonly World[] = [
  { name: 'balanced', sessions: { foundry: 600, everruns: 600, agentscope: 600, agno: 600 } },
  { name: 'skewed 1:1000', sessions: { foundry: 20, everruns: 20_000, agentscope: 20, agno: 20 } },
];

for (const world of worlds) await measure(world);

async function measure({ name, sessions }: World): Promise<void> {
  const platforms: RunningPlatform[] = [];
  for (const [platform, count] of Object.entries(sessions) as [PlatformName, number][]) {
    platforms.push(await startPlatform({ platform, sessions: count, agents: 4 }));
  }
  const harness = createHarness(
    platforms.map((platform) => ({
      id: platform.platform,
      provider: platform.platform,
      url: platform.url,
      user: platform.platform === 'agentscope' ? 'alice' : null,
    })),
  );
  console.log(`\n${name}: ${JSON.stringify(sessions)}, pages of ${pageSize}`);
  console.log('page  source      requests  rows read  rows per session delivered');
  let after: string | null = null;
  for (let page = 1; page <= Math.max(...measuredPages); page += 1) {
    for (const platform of platforms) platform.clearRequests();
    const connection: Connection<SessionRecord> = await sessionConnection(
      { first: pageSize, after },
      {},
      harness.operation(),
    );
    after = connection.pageInfo.endCursor();
    if (measuredPages.includes(page)) report(page, connection, platforms);
    if (!(await connection.pageInfo.hasNextPage())) break;
  }
  await harness.close();
  await Promise.all(platforms.map((platform) => platform.close()));
}

function report(
  page: number,
  { edges, outcomes }: Connection<SessionRecord>,
  platforms: readonly RunningPlatform[],
): void {
  let requests = 0;
  let rows = 0;
  for (const { sourceId, scanned } of outcomes) {
    const asked = platforms.find((platform) => platform.platform === sourceId)?.requests.length ?? 0;
    requests += asked;
    rows += scanned;
    console.log(line(page, sourceId, asked, scanned, ''));
  }
  console.log(line(page, 'all', requests, rows, (rows / edges.length).toFixed(1)));
}

function line(page: number, source: string, requests: number, rows: number, ratio: string): string {
  return `${String(page).padStart(4)}  ${source.padEnd(10)}  ${String(requests).padStart(8)}  ${String(rows).padStart(9)}  ${ratio}`.trimEnd();
}
