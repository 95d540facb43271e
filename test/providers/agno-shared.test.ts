import { expect, test } from 'vitest';
import { anySession } from '../../src/domain/filter.ts';
import { createKeptAnswers } from '../../src/http/kept-answers.ts';
import { toSourceSharing } from '../../src/http/sharing.ts';
import { mergePage } from '../../src/pagination/merge.ts';
import { settings } from '../../src/providers/agno/settings.ts';
import { createAgnoSource } from '../../src/providers/agno/source.ts';
import { sendJson, sendStatus, startServer, type TestServer } from '../http/server.ts';
import { createCall, startSource } from '../http/source.ts';
import { createRandom } from '../pagination/world.ts';
import { nothing } from '../selected.ts';

const start = Date.UTC(2026, 5, 1);

function rowAt(id: string, seconds: number) {
  const created_at = new Date(start + seconds * 1000).toISOString();
  return { session_id: id, session_name: id, session_type: 'agent', agent_id: 'a', created_at, updated_at: created_at };
}

/** All sessions of a server, in the default configuration, in which answers are kept for a while. */
async function readAll(server: TestServer) {
  const sharing = { enabled: true, sessionsMs: 60_000, directoryMs: 60_000, staleMs: 0 };
  const http = startSource(server.url, { sharing: toSourceSharing(sharing, createKeptAnswers(10_000_000)) });
  const config = { id: 'agno', name: 'agno', url: server.url, settings: settings.parse({}) };
  const source = createAgnoSource(config, http.open(createCall()), {
    dialectOf: async () => '2.9',
    selected: nothing,
  });
  const open = () => source.sessionFeeds({ filter: anySession, orderBy: 'createdAt' });
  const page = await mergePage([{ sourceId: 'agno', open, accepts: () => true, selective: false }], {
    direction: 'desc',
    walk: 'forward',
    size: 1_000,
    after: null,
    before: null,
    scanRows: 10_000,
    concurrentReads: 4,
  });
  const keys = page.items.map(({ row }) => row.nativeId);
  return { keys: new Set(keys), count: keys.length, report: page.sources.get('agno'), health: http.health() };
}

function askedOf(url: string | undefined): { readonly limit: number; readonly page: number } {
  const { searchParams } = new URL(url ?? '', 'http://localhost');
  return { limit: Number(searchParams.get('limit')), page: Number(searchParams.get('page')) };
}

test('rows of one second that the platform shuffles are all found: who reads again is answered anew', async () => {
  const random = createRandom(1);
  const rows = [
    ...Array.from({ length: 5 }, (_, index) => rowAt(`newer-${index}`, 10 + index)).reverse(),
    ...Array.from({ length: 150 }, (_, index) => rowAt(`group-${index}`, 0)),
    ...Array.from({ length: 20 }, (_, index) => rowAt(`older-${index}`, -1 - index)),
  ];
  const server = await startServer((request, response) => {
    const { limit, page } = askedOf(request.url);
    const order = new Map(rows.map((row) => [row, random()]));
    const shuffled = rows.toSorted(
      (left, right) =>
        right.created_at.localeCompare(left.created_at) || (order.get(left) ?? 0) - (order.get(right) ?? 0),
    );
    sendJson(response, {
      data: shuffled.slice((page - 1) * limit, page * limit),
      meta: { page, limit, total_count: rows.length, total_pages: 1 },
    });
  });
  const { keys, count, report } = await readAll(server);
  expect([keys.size, count]).toEqual([175, 175]);
  expect(report).toMatchObject({ tiesUnstable: false, failed: false });
});

test('rows that the platform cannot show cost only themselves, and do not close the source', async () => {
  const rows = Array.from({ length: 60 }, (_, index) => rowAt(`row-${index}`, -index));
  const server = await startServer((request, response) => {
    const { limit, page } = askedOf(request.url);
    const first = (page - 1) * limit;
    // Those from 20 to 31 make every answer fail that holds one of them.
    if (first < 32 && Math.min(first + limit, 60) > 20) return sendStatus(response, 500);
    sendJson(response, {
      data: rows.slice(first, first + limit),
      meta: { page, limit, total_count: 60, total_pages: 1 },
    });
  });
  const { keys, report, health } = await readAll(server);
  expect(keys.size).toBe(48);
  expect(report).toMatchObject({ failed: false, missesRows: true, errors: [] });
  expect(health.state).toBe('DEGRADED');
});
