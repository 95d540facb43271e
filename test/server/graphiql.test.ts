import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { parse, validate } from 'graphql';
import { expect, onTestFinished, test } from 'vitest';
import { registry } from '../../src/providers/registry.ts';
import { toExampleQueries } from '../../src/server/example-queries.ts';
import { createGraphiql } from '../../src/server/graphiql.ts';
import { startSandbox } from '../sandbox-controls/sandbox.ts';
import { schema } from '../schema/execute.ts';
import { open } from './ask.ts';

test('is a page that loads nothing from anywhere else', async () => {
  const { send } = open();
  const { status, headers, text } = await send('/graphql', { headers: { accept: 'text/html' } });
  expect([status, headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
  expect(text.length).toBeGreaterThan(1_000_000);
  // A subscription by GET would be refused: see use-request-form.ts.
  expect(text).toContain('"method":"POST"');
  expect(text.match(/<(script|link|img|iframe)\b[^>]*\b(src|href)="?(https?:)?\/\/[^>]*>/gi)).toBeNull();
  expect(text.match(/\bimport\(\s*["'`]https?:/g)).toBeNull();
});

test('is compressed as the browser likes it', async () => {
  const { app } = open();
  const url = new URL(await app.listen());
  onTestFinished(() => app.close());
  const plain = await page(url, {});
  expect(plain.headers['content-encoding']).toBeUndefined();
  for (const [accepted, encoding, decode] of [
    ['gzip, deflate, br', 'br', brotliDecompressSync],
    ['gzip', 'gzip', gunzipSync],
    ['br;q=0, gzip;q=0.5', 'gzip', gunzipSync],
  ] as const) {
    const { headers, body } = await page(url, { 'accept-encoding': accepted });
    expect([headers['content-encoding'], headers.vary]).toEqual([encoding, 'Accept, Accept-Encoding']);
    expect(body.length).toBeLessThan(plain.body.length / 2);
    expect(decode(body).equals(plain.body)).toBe(true);
  }
  for (const accepted of ['br;q=0', 'deflate', 'gzip; q=0.0']) {
    const { headers, body } = await page(url, { 'accept-encoding': accepted });
    expect([headers['content-encoding'], body.equals(plain.body)]).toEqual([undefined, true]);
  }
});

test('is compressed once for all who ask', async () => {
  const read = createGraphiql(['nowhere'], { path: '/graphql', explain: true });
  const [one, other] = await Promise.all([(await read()).read('br'), (await read()).read('gzip, br')]);
  expect(one.body).toBe(other.body);
  expect((await (await read()).read('br')).body).toBe(one.body);
});

test('is not sent again to a browser that has it', async () => {
  const { send } = open();
  const accept = 'text/html';
  const { headers } = await send('/graphql', { headers: { accept } });
  const etag = headers.get('etag') ?? '';
  expect([etag, headers.get('cache-control')]).toEqual([expect.stringMatching(/^W\/"[\w-]{43}"$/), 'no-cache']);
  for (const known of [etag, etag.slice(2), `"other", ${etag}`, '*']) {
    const answer = await send('/graphql', { headers: { accept, 'if-none-match': known } });
    expect([answer.status, answer.text, answer.headers.get('etag')]).toEqual([304, '', etag]);
  }
  expect((await send('/graphql', { headers: { accept, 'if-none-match': '"other"' } })).status).toBe(200);
  // Another page: that of other sources.
  const other = open({ sources: [{ id: 'elsewhere', provider: 'everruns', url: 'http://127.0.0.1:9' }] });
  expect((await other.send('/graphql', { headers: { accept, 'if-none-match': etag } })).status).toBe(200);
});

async function page(url: URL, headers: Readonly<Record<string, string>>) {
  const request = httpRequest(url, { headers: { accept: 'text/html', ...headers } });
  request.end();
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  return { headers: response.headers, body: Buffer.concat(chunks) };
}

test('has tabs that take the first click', async () => {
  const { text } = await open().send('/graphql', { headers: { accept: 'text/html' } });
  expect(text.slice(0, text.indexOf('<script'))).toContain(
    '<head><style>.graphiql-tab { transform: none !important; }</style>',
  );
});

test('opens with the example queries', async () => {
  const { text } = await open().send('/graphql', { headers: { accept: 'text/html' } });
  const examples = toExampleQueries(['nowhere'], true);
  expect(examples.length).toBeGreaterThan(4);
  for (const { query } of examples) expect(text).toContain(JSON.stringify(query));
});

test('has example queries that the schema allows, and that name a type of every provider', () => {
  const examples = toExampleQueries(['agno'], true);
  for (const { query } of examples) {
    expect(validate(schema, parse(query))).toEqual([]);
    expect(query).toMatch(/^# /);
  }
  const all = examples.map(({ query }) => query).join('');
  for (const { types } of registry) expect(all).toContain(`... on ${types.session.name} {`);
});

test('has example queries that the sandbox answers with something, within the usual limits', async () => {
  const sandbox = await startSandbox({ size: 200 });
  const sources = sandbox.sources.map(({ id, provider, platform, settings }) => ({
    id,
    provider,
    url: platform.url,
    catalog: true,
    ...settings,
  }));
  const { ask, app } = open({ sources });
  try {
    for (const { query, variables } of toExampleQueries(
      sources.map(({ id }) => id),
      true,
    )) {
      const { status, json, text } = await ask({ query, variables });
      expect([status, Object.keys(json as object)], text.slice(0, 500)).toEqual([200, ['data']]);
      expect(text).toMatch(/"(title|slug)":"/);
      expect(text).not.toContain('"FAILED"');
    }
  } finally {
    await app.close();
    await sandbox.close();
  }
});
