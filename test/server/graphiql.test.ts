import { parse, validate } from 'graphql';
import { expect, it } from 'vitest';
import { registry } from '../../src/providers/registry.ts';
import { startSandbox } from '../../src/sandbox/sandbox.ts';
import { createSchema } from '../../src/schema/schema.ts';
import { toExampleQueries } from '../../src/server/example-queries.ts';
import { open } from './ask.ts';

it('is a page that loads nothing from anywhere else', async () => {
  const { send } = open();
  const { status, headers, text } = await send('/graphql', { headers: { accept: 'text/html' } });
  expect([status, headers.get('content-type')]).toEqual([200, 'text/html']);
  expect(text.length).toBeGreaterThan(1_000_000);
  expect(text.match(/<(script|link|img|iframe)\b[^>]*\b(src|href)="?(https?:)?\/\/[^>]*>/gi)).toBeNull();
  expect(text.match(/\bimport\(\s*["'`]https?:/g)).toBeNull();
});

it('opens with the example queries', async () => {
  const { text } = await open().send('/graphql', { headers: { accept: 'text/html' } });
  const examples = toExampleQueries(['nowhere']);
  expect(examples.length).toBeGreaterThan(4);
  for (const { query } of examples) expect(text).toContain(JSON.stringify(query));
});

it('has example queries that the schema allows, and that name a type of every provider', () => {
  const schema = createSchema();
  const examples = toExampleQueries(['agno']);
  for (const { query } of examples) {
    expect(validate(schema, parse(query))).toEqual([]);
    expect(query).toMatch(/^# /);
  }
  const all = examples.map(({ query }) => query).join('');
  for (const { types } of registry) expect(all).toContain(`... on ${types.session.name} {`);
});

it('has example queries that the sandbox answers with something, within the usual limits', async () => {
  const sandbox = await startSandbox({ size: 200 });
  const sources = sandbox.sources.map(({ id, provider, platform, settings }) => ({
    id,
    provider,
    url: platform.url,
    ...settings,
  }));
  const { ask, app } = open({ sources });
  try {
    for (const { query, variables } of toExampleQueries(sources.map(({ id }) => id))) {
      const { status, json, text } = await ask({ query, variables });
      expect([status, Object.keys(json as object)], text.slice(0, 500)).toEqual([200, ['data']]);
      expect(text).toMatch(/"(title|sourceId)":"/);
      expect(text).not.toContain('"FAILED"');
    }
  } finally {
    await app.close();
    await sandbox.close();
  }
});
