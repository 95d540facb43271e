import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { buildSchema } from 'graphql';
import { expect, onTestFinished, test } from 'vitest';
import { type RunningPlatform, startPlatform } from '../sandbox-controls/platform.ts';
import { type Asked, type AskedConfig, open } from './ask.ts';

const graphql = 'application/graphql-response+json';
const json = 'application/json';

/** Fields that fail: one that may be null, and one that may not. */
function openFailing(server: AskedConfig['server'] = { partialStatus: true }): Asked {
  const schema = buildSchema('type Query { fine: Int fails: Int mustBe: Int! }');
  const resolve = () => {
    throw new Error('no');
  };
  const { fails, mustBe } = schema.getQueryType()?.getFields() ?? {};
  Object.assign(fails ?? {}, { resolve });
  Object.assign(mustBe ?? {}, { resolve });
  return open({ server }, { schema });
}

async function statusOf({ ask }: Asked, query: string, accept = graphql) {
  const { status, headers } = await ask({ query }, { accept });
  return [status, headers.get('content-type')];
}

test('an answer with data and errors has a status of its own', async () => {
  const server = openFailing();
  const { status, headers, json: body } = await server.ask({ query: '{ fine fails }' }, { accept: graphql });
  expect([status, headers.get('content-type')]).toEqual([294, `${graphql}; charset=utf-8`]);
  expect(headers.get('cache-control')).toBe('private, no-store');
  expect(headers.get('x-request-id')).toMatch(/^[\w-]+$/);
  expect(body).toMatchObject({ data: { fine: null, fails: null }, errors: [{ path: ['fails'] }] });
  // Nothing of the data is left, but the operation was executed.
  expect(await statusOf(server, '{ mustBe }')).toEqual([294, `${graphql}; charset=utf-8`]);
});

test('all other answers keep their status', async () => {
  const server = openFailing();
  expect(await statusOf(server, '{ fine }')).toEqual([200, `${graphql}; charset=utf-8`]);
  expect(await statusOf(server, '{ fine')).toEqual([400, `${graphql}; charset=utf-8`]);
  expect(await statusOf(server, '{ unknown }')).toEqual([400, `${graphql}; charset=utf-8`]);
  const secret = 'a shared secret of more than thirty-two characters';
  const auth = { mode: 'header', header: 'x-viewer', secretHeader: 'x-proxy-secret', secret };
  const closed = openFailing({ partialStatus: true, auth });
  expect(await statusOf(closed, '{ fails }')).toEqual([401, `${json}; charset=utf-8`]);
});

test('an answer of another media type keeps its status', async () => {
  const server = openFailing();
  expect(await statusOf(server, '{ fails }', json)).toEqual([200, `${json}; charset=utf-8`]);
  expect(await statusOf(server, '{ mustBe }', json)).toEqual([200, `${json}; charset=utf-8`]);
  expect((await statusOf(server, '{ fails }', 'multipart/mixed'))[0]).toBe(200);
  expect((await statusOf(server, '{ fails }', 'text/event-stream'))[0]).toBe(200);
});

test('what a client likes best decides', async () => {
  const server = openFailing();
  expect(await statusOf(server, '{ fails }', `${graphql}, ${json};q=0.9`)).toEqual([294, `${graphql}; charset=utf-8`]);
  expect(await statusOf(server, '{ fails }', `${json}, ${graphql};q=0.9`)).toEqual([200, `${json}; charset=utf-8`]);
});

test('without the setting all have 200', async () => {
  const server = openFailing({});
  expect(await statusOf(server, '{ fails }')).toEqual([200, `${graphql}; charset=utf-8`]);
  expect(await statusOf(server, '{ mustBe }')).toEqual([200, `${graphql}; charset=utf-8`]);
});

test('goes over HTTP with words for the status', async () => {
  const { app } = openFailing();
  const url = new URL(await app.listen());
  onTestFinished(() => app.close());
  const request = httpRequest(url, { method: 'POST', headers: { 'content-type': json, accept: graphql } });
  request.end(JSON.stringify({ query: '{ fails }' }));
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  let text = '';
  for await (const chunk of response) text += chunk;
  expect([response.statusCode, response.statusMessage]).toEqual([294, 'Partial Success']);
  expect(JSON.parse(text)).toMatchObject({ data: { fails: null }, errors: [{ path: ['fails'] }] });
});

async function start(): Promise<RunningPlatform> {
  const platform = await startPlatform({ platform: 'everruns', sessions: 3 });
  onTestFinished(() => platform.close());
  return platform;
}

test('a source that failed is no error of a list: its outcome says it, and the status is 200', async () => {
  const [well, ill] = [await start(), await start()];
  ill.fail({ kind: 'status', status: 500 });
  const sources = [
    { id: 'well', provider: 'everruns', url: well.url },
    { id: 'ill', provider: 'everruns', url: ill.url },
  ];
  const { ask } = open({ server: { partialStatus: true }, sources });
  const list = '{ sessions(first: 3) { nodes { __typename } outcomes { status } } }';
  const merged = await ask({ query: list }, { accept: graphql });
  expect(merged.status).toBe(200);
  expect(merged.json).toEqual({
    data: {
      sessions: {
        nodes: [1, 2, 3].map(() => ({ __typename: 'EverrunsSession' })),
        outcomes: [{ status: 'COMPLETE' }, { status: 'FAILED' }],
      },
    },
  });
  // With no source left the field itself fails.
  well.fail({ kind: 'status', status: 500 });
  const failed = await ask({ query: list }, { accept: graphql, 'cache-control': 'no-cache' });
  expect([failed.status, failed.json]).toMatchObject([
    294,
    { data: { sessions: null }, errors: [{ path: ['sessions'] }] },
  ]);
});
