import { expect, test } from 'vitest';
import { createKeptAnswers } from '../../src/http/kept-answers.ts';
import { toSourceSharing } from '../../src/http/sharing.ts';
import { createJournal, type Journal } from '../../src/observation/journal.ts';
import { summarize } from '../../src/observation/source-summary.ts';
import { createGate } from './gate.ts';
import { sendJson, sendStatus, startServer, type TestServer } from './server.ts';
import { anything, createCall, createClock, failureOf, startSource } from './source.ts';

const times = { enabled: true, sessionsMs: 1_000, directoryMs: 30_000, staleMs: 0 };

function startShared(server: TestServer, settings: Partial<typeof times> = {}) {
  const clock = createClock();
  const sharing = toSourceSharing({ ...times, ...settings }, createKeptAnswers(1_000_000, clock.now));
  return { source: startSource(server.url, { sharing, limits: { breakerFailures: 1_000 } }), clock };
}

const createSilentJournal = (): Journal => createJournal({ requestId: 'request-1', followers: [], readers: [] });

/** A call of an operation that is observed, and what is written down of it. */
function createObservedCall(parts: Parameters<typeof createCall>[0] = {}) {
  const journal = createSilentJournal();
  return { journal, call: createCall({ ...parts, observer: journal.observer }) };
}

/** Where answers came from, and the attempts that each took. */
const readsOf = ({ reads }: Journal) =>
  reads.map(({ origin, failure, requests, rows }) => ({
    origin,
    failure,
    rows,
    attempts: requests.map(({ attempt, status, failure: own, bytes }) => [attempt, status, own, bytes]),
  }));

test('one operation asks, another joins it, and a third has what was kept', async () => {
  const gate = createGate();
  const server = await startServer(async (_request, response) => {
    await gate.opened;
    sendJson(response, { sessions: [1, 2, 3], total: 9 });
  });
  const { source } = startShared(server);
  const [first, second, third] = [createObservedCall(), createObservedCall(), createObservedCall()];
  const waiting = [first, second].map(({ call }) => source.open(call).get('/a', { schema: anything }));
  await server.arrived(1);
  gate.open();
  await Promise.all(waiting);
  await source.open(third.call).get('/a', { schema: anything });
  const attempts = [[1, 200, null, '{"sessions":[1,2,3],"total":9}'.length]];
  expect(readsOf(first.journal)).toEqual([{ origin: 'asked', failure: null, rows: 3, attempts }]);
  expect(readsOf(second.journal)).toEqual([{ origin: 'joined', failure: null, rows: 3, attempts }]);
  expect(readsOf(third.journal)).toEqual([{ origin: 'kept', failure: null, rows: 3, attempts: [] }]);
  const countsOf = ({ journal }: { readonly journal: Journal }) =>
    summarize(journal, performance.now()).map(({ requests, shared, kept }) => ({ requests, shared, kept }));
  expect([first, second, third].map(countsOf)).toEqual([
    [{ requests: 1, shared: 0, kept: 0 }],
    [{ requests: 0, shared: 1, kept: 0 }],
    [{ requests: 0, shared: 0, kept: 1 }],
  ]);
});

test('each attempt is told, and the answer that stood in for them', async () => {
  const server = await startServer((_request, response) => {
    if (server.requests.length === 1) sendJson(response, ['a']);
    else sendStatus(response, 503);
  });
  const { source, clock } = startShared(server, { staleMs: 60_000 });
  const { call, journal } = createObservedCall();
  await source.open(createCall()).get('/a', { schema: anything });
  clock.advance(2_000);
  expect(await source.open(call).get('/a', { schema: anything })).toEqual(['a']);
  expect(readsOf(journal)).toEqual([
    { origin: 'stale', failure: null, rows: 1, attempts: [1, 2, 3].map((attempt) => [attempt, 503, null, 2]) },
  ]);
});

test('a read that fails says why', async () => {
  const server = await startServer((_request, response) => sendStatus(response, 403));
  const { source } = startShared(server);
  const { call, journal } = createObservedCall();
  await failureOf(source.open(call).get('/a', { schema: anything }));
  expect(readsOf(journal)).toEqual([
    { origin: 'asked', failure: 'UPSTREAM_FORBIDDEN', rows: null, attempts: [[1, 403, null, 2]] },
  ]);
});

test('a request is told as soon as it is sent, and that it was given up', async () => {
  const server = await startServer(() => {});
  const { source } = startShared(server);
  const hangUp = new AbortController();
  const { call, journal } = createObservedCall({ signal: hangUp.signal });
  const gone = failureOf(source.open(call).get('/a', { schema: anything }));
  await server.arrived(1);
  hangUp.abort();
  await gone;
  expect(readsOf(journal)).toEqual([
    { origin: 'asked', failure: 'UPSTREAM_TIMEOUT', rows: null, attempts: [[1, null, 'ABANDONED', null]] },
  ]);
});

test('who follows the requests of an operation adds headers to them, and learns of their ends', async () => {
  const seen: unknown[] = [];
  const server = await startServer((request, response) => {
    seen.push([request.headers['x-one'], request.headers['x-two']]);
    sendJson(response, null);
  });
  const ended: (number | null)[] = [];
  const followers = ['x-one', 'x-two'].map(
    (name) =>
      ({ requestId }: Journal) =>
      (request: { readonly status: number | null }) => ({
        headers: { [name]: requestId },
        ended: () => void ended.push(request.status),
      }),
  );
  const journal = createJournal({ requestId: 'request-7', followers, readers: [] });
  const call = createCall({ observer: journal.observer });
  await startSource(server.url).open(call).get('/a', { schema: anything });
  expect(seen).toEqual([['request-7', 'request-7']]);
  expect(ended).toEqual([200, 200]);
});
