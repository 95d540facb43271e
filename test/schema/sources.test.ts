import { expect, test, vi } from 'vitest';
import { UpstreamError } from '../../src/domain/errors.ts';
import { execute } from './execute.ts';
import { session, testSource } from './platforms.ts';

vi.mock('../../src/providers/registry.ts', () => import('./platforms.ts'));

const one = () => testSource('one', 'alpha', { sessions: [session('one', 's1')] });
const two = () => testSource('two', 'beta', { sessions: [session('two', 's2', { provider: 'beta' })] });

test('shows what a source is, what it can do and how it has responded, without asking it', async () => {
  const source = one();
  const answer = await execute(
    [source],
    `{ sources {
      id slug name provider
      capabilities { filters { filter support } kinds statuses orders total }
      health { state lastErrorCode since }
    } }`,
  );

  expect(answer).toMatchInlineSnapshot(`
    {
      "data": {
        "sources": [
          {
            "capabilities": {
              "filters": [
                {
                  "filter": "NATIVE_IDS",
                  "support": "LOCAL",
                },
                {
                  "filter": "KINDS",
                  "support": "LOCAL",
                },
                {
                  "filter": "AGENTS",
                  "support": "LOCAL",
                },
                {
                  "filter": "TEAMS",
                  "support": "LOCAL",
                },
                {
                  "filter": "WORKFLOWS",
                  "support": "LOCAL",
                },
                {
                  "filter": "USERS",
                  "support": "LOCAL",
                },
                {
                  "filter": "STATUSES",
                  "support": "LOCAL",
                },
                {
                  "filter": "SEARCH",
                  "support": "LOCAL",
                },
                {
                  "filter": "TAGS",
                  "support": "NEVER",
                },
                {
                  "filter": "CREATED_AT",
                  "support": "LOCAL",
                },
                {
                  "filter": "UPDATED_AT",
                  "support": "LOCAL",
                },
              ],
              "kinds": [
                "AGENT",
                "TEAM",
                "WORKFLOW",
              ],
              "orders": [
                "CREATED_AT",
              ],
              "statuses": [
                "RUNNING",
                "IDLE",
                "UNKNOWN",
              ],
              "total": true,
            },
            "health": {
              "lastErrorCode": "UPSTREAM_TIMEOUT",
              "since": "2026-02-03T04:05:06.789Z",
              "state": "DEGRADED",
            },
            "id": "c291cmNlOm9uZQ",
            "name": "The one",
            "provider": "ALPHA",
            "slug": "one",
          },
        ],
      },
    }
  `);
  expect(source.calls).toEqual([]);
});

test('finds a source by its id in the graph and by its id in the configuration', async () => {
  const answer = await execute(
    [one(), two()],
    `{ graph: source(id: "c291cmNlOnR3bw") { slug } configuration: source(id: "two") { id } none: source(id: "three") { id } }`,
  );

  expect(answer).toEqual({
    data: { graph: { slug: 'two' }, configuration: { id: 'c291cmNlOnR3bw' }, none: null },
  });
});

test.each(['one', 'c291cmNlOm9uZQ'])('filters sessions by the source %s', async (id) => {
  const other = two();
  const answer = await execute(
    [one(), other],
    `query ($id: ID!) { sessions(filter: { sources: [$id] }) { nodes { nativeId } outcomes { source { slug } status } } }`,
    { id },
  );

  expect(answer).toEqual({
    data: {
      sessions: { nodes: [{ nativeId: 's1' }], outcomes: [{ source: { slug: 'one' }, status: 'COMPLETE' }] },
    },
  });
  expect(other.calls).toEqual([]);
});

test('refuses a filter of a source that is not configured', async () => {
  const { errors } = await execute([one()], `{ sessions(filter: { sources: ["three"] }) { totalCount } }`);

  expect(errors).toEqual([{ path: 'sessions', code: 'BAD_USER_INPUT', message: 'There is no source "three".' }]);
});

test('filters sessions by the provider of their source', async () => {
  const { data } = await execute([one(), two()], `{ sessions(filter: { providers: [BETA] }) { nodes { nativeId } } }`);

  expect(data).toEqual({ sessions: { nodes: [{ nativeId: 's2' }] } });
});

test('says what became of a source that fails, and answers the others', async () => {
  const down = testSource('two', 'beta', { failing: { sessionFeeds: new UpstreamError('two', 'UPSTREAM_TIMEOUT') } });
  const answer = await execute(
    [one(), down],
    `{ sessions { edges { node { nativeId } } totalCount pageInfo { hasNextPage hasPreviousPage }
      outcomes { source { slug } status scanned totalCount error { code message retryable } } } }`,
  );

  expect(answer).toMatchInlineSnapshot(`
    {
      "data": {
        "sessions": {
          "edges": [
            {
              "node": {
                "nativeId": "s1",
              },
            },
          ],
          "outcomes": [
            {
              "error": null,
              "scanned": 1,
              "source": {
                "slug": "one",
              },
              "status": "COMPLETE",
              "totalCount": 1,
            },
            {
              "error": {
                "code": "UPSTREAM_TIMEOUT",
                "message": "Source "two" did not answer in time.",
                "retryable": true,
              },
              "scanned": 0,
              "source": {
                "slug": "two",
              },
              "status": "FAILED",
              "totalCount": null,
            },
          ],
          "pageInfo": {
            "hasNextPage": true,
            "hasPreviousPage": false,
          },
          "totalCount": null,
        },
      },
    }
  `);
});
