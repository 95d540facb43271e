import { expect, onTestFinished, test } from 'vitest';
import { type RunningPlatform, startPlatform } from '../sandbox-controls/platform.ts';
import { open } from './ask.ts';

async function start(): Promise<RunningPlatform> {
  const platform = await startPlatform({ platform: 'agno', sessions: 5 });
  onTestFinished(() => platform.close());
  return platform;
}

const sessions = '{ sessions(first: 1) { outcomes { status error { code message } } } }';
const health = '{ sources { slug health { state lastErrorCode } } }';

test('says of a source that answers nothing but 404 that its URL looks wrong', async () => {
  const { url } = await start();
  const { ask, send, logged } = open({
    // No dialect to find out, so that its lists are the first that it is asked for.
    sources: [
      {
        id: 'lost',
        provider: 'agno',
        url: `${url}/sk-secret-path`,
        auth: { bearer: 'sk-secret-path' },
        dialect: '2.9',
      },
    ],
  });
  expect((await send('/ready')).json).toEqual({ status: 'ok' });

  expect((await ask({ query: sessions })).json).toMatchObject({
    data: { sessions: null },
    errors: [
      {
        message:
          'Source "lost" does not have a list that it should have: its URL or another of its settings looks wrong.',
        extensions: { code: 'UPSTREAM_NOT_FOUND' },
      },
    ],
  });
  expect((await ask({ query: health })).json).toEqual({
    data: { sources: [{ slug: 'lost', health: { state: 'DOWN', lastErrorCode: 'UPSTREAM_NOT_FOUND' } }] },
  });
  const ready = await send('/ready');
  expect([ready.status, ready.json]).toEqual([
    503,
    { status: 'unavailable', reason: 'The URL of a source looks wrong. See the log.' },
  ]);
  const entry = logged()
    .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>)
    .find(({ msg }) => msg === 'upstream');
  expect(entry).toMatchObject({
    sourceId: 'lost',
    code: 'UPSTREAM_NOT_FOUND',
    status: 404,
    request: 'GET /[secret]/sessions?sort_by&sort_order&limit&page',
    sentence: 'does not have a list that it should have: its URL or another of its settings looks wrong',
  });
  expect(logged().join('')).not.toContain('127.0.0.1');
});

test('goes on with the others, and stays ready', async () => {
  const { url } = await start();
  const { ask, send } = open({
    sources: [
      { id: 'lost', provider: 'agno', url: `${url}/elsewhere`, dialect: '2.9' },
      { id: 'found', provider: 'agno', url },
    ],
  });
  expect((await ask({ query: sessions })).json).toMatchObject({
    data: {
      sessions: { outcomes: [{ status: 'FAILED', error: { code: 'UPSTREAM_NOT_FOUND' } }, { status: 'COMPLETE' }] },
    },
  });
  const ready = await send('/ready');
  expect([ready.status, ready.json]).toEqual([
    200,
    { status: 'ok', reason: 'The URL of a source looks wrong. See the log.' },
  ]);
});

test('says nothing of a source for a thing that is gone', async () => {
  const { url } = await start();
  const { ask, send } = open({ sources: [{ id: 'found', provider: 'agno', url }] });
  const id = Buffer.from('session:found/agent/gone').toString('base64url');
  expect((await ask({ query: `{ session(id: "${id}") { id } }` })).json).toEqual({ data: { session: null } });
  expect((await ask({ query: health })).json).toEqual({
    data: { sources: [{ slug: 'found', health: { state: 'UP', lastErrorCode: null } }] },
  });
  expect((await send('/ready')).json).toEqual({ status: 'ok' });
});
