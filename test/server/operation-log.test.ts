import { expect, onTestFinished, test } from 'vitest';
import { createGate } from '../http/gate.ts';
import { startServer } from '../http/server.ts';
import { open, openSandbox } from './ask.ts';

interface Line {
  readonly msg: string;
  readonly sources: readonly Readonly<Record<string, unknown>>[];
  readonly [name: string]: unknown;
}

const linesOf = (logged: readonly string[], msg: string): readonly Line[] =>
  logged.map((line) => JSON.parse(line)).filter((line) => line.msg === msg);

const query = 'query Inbox { sessions(first: 5, filter: { sources: ["agno", "foundry"] }) { nodes { id } } }';

test('an operation is logged with what it cost, and with what each source had to do with it', async () => {
  const { ask, logged } = await openSandbox({ sharing: { sessionsMs: 600_000 } });
  for (let time = 1; time <= 3; time += 1) await ask({ query });
  const [first, second, third] = linesOf(logged(), 'operation');
  expect(first).toMatchObject({ name: 'Inbox', cost: 15, viewer: null, errorCodes: [] });
  const none = { requests: 0, shared: 0, kept: 0, failures: [] };
  const rows = { foundry: { scanned: 42, delivered: 2 }, agno: { scanned: 6, delivered: 3 } };
  const withoutTime = (line: Line | undefined) => line?.sources.map(({ milliseconds: _, ...rest }) => rest);
  // Foundry: the list of agents and the sessions of each of its seven; Agno: its version and one page.
  expect(withoutTime(first)).toEqual([
    { sourceId: 'foundry', ...none, requests: 8, outcome: 'COMPLETE', ...rows.foundry },
    { sourceId: 'agno', ...none, requests: 2, outcome: 'COMPLETE', ...rows.agno },
  ]);
  // The version is known by then.
  expect(withoutTime(second)).toEqual([
    { sourceId: 'foundry', ...none, kept: 8, outcome: 'COMPLETE', ...rows.foundry },
    { sourceId: 'agno', ...none, kept: 1, outcome: 'COMPLETE', ...rows.agno },
  ]);
  // It was given what the second made.
  expect(withoutTime(third)).toEqual(withoutTime(second));
});

test('at debug each request to a platform is logged, without the values of its parameters', async () => {
  const { ask, logged } = await openSandbox();
  await ask({ query }, { 'x-request-id': 'request-1' });
  const lines = linesOf(logged(), 'request').filter(({ sourceId }) => sourceId === 'agno');
  const times = { milliseconds: expect.any(Number), waitedMilliseconds: expect.any(Number), time: expect.any(Number) };
  const common = { level: 20, msg: 'request', requestId: 'request-1', sourceId: 'agno', attempt: 1, ...times };
  expect(lines).toEqual([
    { ...common, request: 'GET /info', status: 200, failure: null, bytes: expect.any(Number) },
    {
      ...common,
      request: 'GET /sessions?sort_by&sort_order&limit&page',
      status: 200,
      failure: null,
      bytes: expect.any(Number),
    },
  ]);
});

test('the same viewer has the same hash each time, and nobody is named', async () => {
  const auth = {
    mode: 'header',
    header: 'x-viewer',
    secretHeader: 'x-proxy-secret',
    secret: 'swordfish-12345678901234567890-swordfish',
  };
  const { ask, logged } = open({ server: { auth } });
  const headers = (viewer: string) => ({
    'x-viewer': viewer,
    'x-proxy-secret': 'swordfish-12345678901234567890-swordfish',
  });
  for (const viewer of ['ada@example.com', 'ada@example.com', 'bob@example.com']) {
    await ask({ query: '{ __typename }' }, headers(viewer));
  }
  const viewers = linesOf(logged(), 'operation').map(({ viewer }) => viewer);
  // The first 16 digits of SHA-256 of "session-graph viewer ada@example.com", and of the other.
  expect(viewers).toEqual(['f29bfc194f613191', 'f29bfc194f613191', '40e74c1990328a08']);
  expect(logged().join('')).not.toContain('example.com');
});

test('a source that fails is logged with its code', async () => {
  const { ask, logged } = open();
  await ask({ query: '{ sessions(first: 5) { nodes { id } } }' });
  const [line] = linesOf(logged(), 'operation');
  expect(line?.sources).toMatchObject([
    { sourceId: 'nowhere', outcome: 'FAILED', failures: ['UPSTREAM_UNAVAILABLE'], scanned: 0, delivered: 0 },
  ]);
});

test('an operation that costs too much is logged with its name', async () => {
  const { ask, logged } = open({ server: { limits: { query: { cost: 5 } } } });
  await ask({ query: 'query Wide { sessions(first: 50) { nodes { id } } }' });
  expect(linesOf(logged(), 'operation')).toMatchObject([
    { name: 'Wide', cost: 60, errorCodes: ['QUERY_TOO_COMPLEX'], sources: [] },
  ]);
});

test('a request that was sent to a source that is given up is counted', async () => {
  const gate = createGate();
  onTestFinished(() => gate.open());
  const slow = await startServer(() => gate.opened);
  const { ask, logged } = open({
    sources: [{ id: 'slow', provider: 'everruns', url: slow.url, limits: { listShareMs: 50 } }],
  });
  await ask({ query: '{ sessions(first: 5) { nodes { id } } }' });
  const [line] = linesOf(logged(), 'operation');
  expect(line?.sources).toMatchObject([{ sourceId: 'slow', requests: 1, outcome: 'FAILED' }]);
  expect(line?.sources[0]?.milliseconds).toBeGreaterThan(0);
});
