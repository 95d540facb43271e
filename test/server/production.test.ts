import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ConfigError } from '../../src/config/config-error.ts';
import { open } from './ask.ts';

describe('in production', () => {
  test('shows its schema neither to tools nor to gateways', async () => {
    const { ask } = open({ server: { production: true } });
    for (const query of [
      '{ __schema { types { name } } }',
      '{ __type(name: "Query") { name } }',
      '{ _service { sdl } }',
    ]) {
      const { json } = await ask({ query });
      expect(json).not.toHaveProperty('data');
      expect(json).toHaveProperty('errors.0.extensions.code', 'GRAPHQL_VALIDATION_FAILED');
    }
    expect((await ask({ query: '{ __typename sources { __typename } }' })).json).toEqual({
      data: { __typename: 'Query', sources: [{ __typename: 'Source' }] },
    });
  });

  test('shows it when that is turned on', async () => {
    const { ask } = open({ server: { production: true, introspection: true } });
    expect((await ask({ query: '{ __type(name: "Query") { name } _service { __typename } }' })).json).toEqual({
      data: { __type: { name: 'Query' }, _service: { __typename: '_Service' } },
    });
  });

  test('has no GraphiQL', async () => {
    const { send } = open({ server: { production: true } });
    expect((await send('/graphql', { headers: { accept: 'text/html' } })).status).toBe(400);
  });
});

describe('with trusted documents', () => {
  const documents = { one: '{ sources { slug } }', two: 'query Two($id: ID!) { source(id: $id) { slug } }' };

  function openTrusting(trusted: object = documents, limits: object = {}) {
    const folder = mkdtempSync(join(tmpdir(), 'session-graph-documents-'));
    try {
      writeFileSync(join(folder, 'documents.json'), JSON.stringify(trusted));
      return open({
        server: { trustedDocuments: join(folder, 'documents.json'), graphiql: true, limits: { query: limits } },
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  test('answers them by their ids', async () => {
    const { ask } = openTrusting();
    expect((await ask({ documentId: 'one' })).json).toEqual({ data: { sources: [{ slug: 'nowhere' }] } });
    expect((await ask({ documentId: 'two', variables: { id: 'nowhere' } })).json).toEqual({
      data: { source: { slug: 'nowhere' } },
    });
    const extensions = { persistedQuery: { version: 1, sha256Hash: 'one' } };
    expect((await ask({ extensions })).json).toEqual({ data: { sources: [{ slug: 'nowhere' }] } });
  });

  test('takes them from an operation manifest of Apollo, too', async () => {
    const operation = (id: 'one' | 'two') => ({ id, name: 'Any', type: 'query', body: documents[id] });
    const operations = [operation('one'), operation('two')];
    const { ask } = openTrusting({ format: 'apollo-persisted-query-manifest', version: 1, operations });
    const extensions = { persistedQuery: { version: 1, sha256Hash: 'two' } };
    expect((await ask({ documentId: 'one' })).json).toEqual({ data: { sources: [{ slug: 'nowhere' }] } });
    expect((await ask({ extensions, variables: { id: 'nowhere' } })).json).toEqual({
      data: { source: { slug: 'nowhere' } },
    });
  });

  test('answers nothing else, whatever is sent along', async () => {
    const { ask } = openTrusting();
    const other = '{ sources { name } }';
    expect((await ask({ query: other })).json).toMatchObject({
      errors: [{ extensions: { code: 'DOCUMENT_ID_REQUIRED' } }],
    });
    expect((await ask({ documentId: 'x', query: other })).json).toMatchObject({
      errors: [{ extensions: { code: 'DOCUMENT_NOT_TRUSTED' } }],
    });
    expect((await ask({ documentId: 'one', query: other })).json).toEqual({
      data: { sources: [{ slug: 'nowhere' }] },
    });
    expect((await ask({ documentId: '__proto__' })).json).toMatchObject({
      errors: [{ extensions: { code: 'DOCUMENT_NOT_TRUSTED' } }],
    });
  });

  test('does not start with one that the graph cannot answer', () => {
    const wrong = { ...documents, three: '{ sources { nmae } }', 'four"': '{ sources {' };
    expect(() => openTrusting(wrong)).toThrow(
      new ConfigError([
        'server.trustedDocuments  "three": Cannot query field "nmae" on type "Source". Did you mean "name"?',
        'server.trustedDocuments  "four\\"": Syntax Error: Expected Name, found <EOF>.',
      ]),
    );
  });

  test('does not start with one that its limits never let through', () => {
    expect(() => openTrusting({ one: '{ sources { slug } }', two: '{ a: __typename }' }, { depth: 1 })).toThrow(
      new ConfigError(['server.trustedDocuments  "one": The query is nested deeper than 1 fields.']),
    );
    expect(() => openTrusting({ one: '{ sources { slug } }' }, { tokens: 5 })).toThrow(
      /"one": Syntax Error: .*5 tokens/,
    );
    expect(() => openTrusting({ one: 'mutation { rename }' })).toThrow(
      new ConfigError(['server.trustedDocuments  "one": The graph has no mutations.']),
    );
    // What it costs depends on what is sent with it.
    expect(() => openTrusting({ one: '{ sessions { nodes { id } } }' }, { cost: 1 })).not.toThrow();
  });

  test('has no GraphiQL, which could send nothing', async () => {
    expect((await openTrusting().send('/graphql', { headers: { accept: 'text/html' } })).status).toBe(400);
  });
});
