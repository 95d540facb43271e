import { getIntrospectionQuery } from 'graphql';
import { describe, expect, test } from 'vitest';
import { open } from './ask.ts';

const query = '{ sources { slug } }';
const asksWith = (limits: object) => open({ server: { limits: { query: limits } } });
const nested = (depth: number) =>
  `{ sources { ${'sessions { nodes { source { '.repeat(depth)} id ${'} } }'.repeat(depth)} } }`;

async function codeOf(answer: Promise<{ readonly status: number; readonly json: unknown }>) {
  const { status, json } = await answer;
  const [error] = (json as { errors?: readonly { message: string; extensions: { code: string } }[] }).errors ?? [];
  return [status, error?.extensions.code, error?.message] as const;
}

test('answers the introspection that tools send, within the usual limits', async () => {
  const { ask } = open();
  const options = {
    inputValueDeprecation: true,
    schemaDescription: true,
    specifiedByUrl: true,
    directiveIsRepeatable: true,
  };
  const answer = await ask({ query: getIntrospectionQuery(options) });
  expect(Object.keys((answer.json as { data: object }).data)).toEqual(['__schema']);
  expect(answer.json).not.toHaveProperty('errors');
});

describe('depth', () => {
  test('counts fields through fragments', async () => {
    const { ask } = asksWith({ depth: 3 });
    const spread = `query { sources { ...f } } fragment f on Source { capabilities { filters { filter } } }`;
    expect(await codeOf(ask({ query: '{ sources { capabilities { total } } }' }))).toEqual([200, undefined, undefined]);
    expect(await codeOf(ask({ query: spread }))).toEqual([
      200,
      'QUERY_TOO_COMPLEX',
      'The query is nested deeper than 3 fields.',
    ]);
  });

  test('is limited by default', async () => {
    expect((await codeOf(open().ask({ query: nested(8) })))[1]).toBe('QUERY_TOO_COMPLEX');
  });

  test('comes to an end in fragments that contain themselves', async () => {
    const { ask } = open();
    const cyclic = `query { sources { ...a } } fragment a on Source { ...b } fragment b on Source { id ...a }`;
    expect((await codeOf(ask({ query: cyclic })))[1]).toBe('GRAPHQL_VALIDATION_FAILED');
  });
});

describe('aliases', () => {
  test('are counted as often as their fragment is used', async () => {
    const { ask } = asksWith({ aliases: 3 });
    const used = (times: number) =>
      `query { ${Array.from({ length: times }, (_, index) => `a${index}: source(id: "nowhere") { ...f }`).join(' ')} } fragment f on Source { b: id }`;
    expect(await codeOf(ask({ query: used(1) }))).toEqual([200, undefined, undefined]);
    expect(await codeOf(ask({ query: used(2) }))).toEqual([
      200,
      'QUERY_TOO_COMPLEX',
      'The query has more than 3 aliases.',
    ]);
  });

  test('do not take longer to count than to read', async () => {
    const doubling = Array.from(
      { length: 60 },
      (_, index) => `fragment f${index} on Source { ...f${index + 1} ...f${index + 1} }`,
    );
    const { ask } = open();
    const bomb = `query { sources { ...f0 } } ${doubling.join(' ')} fragment f60 on Source { a: id }`;
    expect((await codeOf(ask({ query: bomb })))[1]).toBe('QUERY_TOO_COMPLEX');
  });
});

describe('length', () => {
  test('is limited in words and signs', async () => {
    const { ask } = asksWith({ tokens: 6 });
    expect(await codeOf(ask({ query }))).toEqual([200, undefined, undefined]);
    expect((await codeOf(ask({ query: '{ sources { slug id } }' })))[1]).toBe('GRAPHQL_PARSE_FAILED');
  });

  test('is limited in bytes, whether they were announced or not', async () => {
    const { ask, send } = asksWith({ bodyBytes: 1024 });
    const long = JSON.stringify({ query: `${query} # ${'x'.repeat(2000)}` });
    const headers = { 'content-type': 'application/json' };
    const unannounced = new Blob([long]).stream();
    expect((await ask({ query })).status).toBe(200);
    expect((await codeOf(ask(long, { 'content-length': String(long.length) })))[0]).toBe(413);
    expect(
      (
        await codeOf(send('/graphql', { method: 'POST', headers, body: unannounced, duplex: 'half' } as RequestInit))
      )[0],
    ).toBe(413);
  });
});

describe('cost', () => {
  const costOf = async (text: string, variables: object = {}) => {
    const { ask } = asksWith({ cost: 1 });
    const [, , message = ''] = await codeOf(ask({ query: text, variables }));
    return Number(/costs (\d+)/.exec(message)?.[1] ?? 0);
  };

  test('is what the formula says', async () => {
    expect(await costOf('{ sessions { nodes { id } } }')).toBe(10 + 20 * 1);
    expect(await costOf('{ sessions(first: 3) { nodes { id agent { name } } } }')).toBe(10 + 3 * (1 + 1));
    expect(await costOf('{ sessions(last: 3) { edges { node { id } } pageInfo { endCursor } } }')).toBe(
      10 + 3 * (1 + 1) + 1,
    );
    expect(await costOf('{ sessions(first: 3) { outcomes { error { code } } } }')).toBe(10 + 5 * (1 + 1));
    expect(await costOf('{ sources { sessions(first: 2) { nodes { id } } } }')).toBe(5 * (1 + 10 + 2));
    expect(await costOf('query ($n: Int = 7) { sessions(first: $n) { nodes { id } } }')).toBe(10 + 7);
    expect(await costOf('query ($n: Int = 7) { sessions(first: $n) { nodes { id } } }', { n: 4 })).toBe(10 + 4);
    expect(
      await costOf('query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Session { agent { id } } } }', {
        ids: ['a', 'b', 'c'],
      }),
    ).toBe(3 * (1 + 1));
    expect(
      await costOf(
        'query { ...q } fragment q on Query { sessions { ...c } } fragment c on SessionConnection { nodes { id } }',
      ),
    ).toBe(30);
    expect(await costOf('{ sessions(first: 100000) { nodes { id } } }')).toBe(10 + 100);
    expect(await costOf('{ __schema { types { fields { type { ofType { name } } } } } }')).toBe(0);
  });

  test('of the catalog is what it looks at, however small the page', async () => {
    const ofList = (below: string) => costOf(`{ catalog { sessions(first: 1) { ${below} } } }`);
    expect(await ofList('nodes { id }')).toBe(1 + 200 + 1);
    expect(await ofList('totalCount')).toBe(1 + 200 + 100);
    expect(await ofList('facets(fields: [STATUS]) { missing }')).toBe(1 + 200 + 200);
    expect(await ofList('facets(fields: [STATUS, AGENT, DAY]) { values { value } }')).toBe(1 + 200 + 3 * (200 + 10));
    expect(await ofList('facets(fields: [AGENT], top: 30) { values { node { id } } }')).toBe(
      1 + 200 + 200 + 30 * (1 + 1),
    );
    const fragments = 'fragment a on CatalogSessionConnection { facets(fields: [TEAM], top: 7) { ...b } }';
    const spread = `query { catalog { sessions { ...a } } } ${fragments} fragment b on CatalogFacet { values { count } }`;
    expect(await costOf(spread)).toBe(1 + 200 + 200 + 7);
    const query = 'query ($f: [CatalogFacetField!]!) { catalog { sessions { facets(fields: $f) { distinct } } } }';
    expect(await costOf(query, { f: ['USER', 'TAG'] })).toBe(1 + 200 + 2 * 200);
  });

  test('lets a console ask for what it shows, and not for all facets again and again', async () => {
    const { ask } = open();
    const facets = (fields: string) => `facets(fields: [${fields}]) { field values { value count node { id } } }`;
    const all = 'SOURCE, PROVIDER, KIND, STATUS, AGENT, TEAM, USER, TAG, DAY';
    const view = `sessions(first: 50) { totalCount edges { node { id title agent { name } } } ${facets('STATUS, SOURCE, AGENT, TAG')} }`;
    expect((await codeOf(ask({ query: `{ catalog { ${view} } }` })))[1]).toBeUndefined();
    const lists = ['a', 'b', 'c'].map((name) => `${name}: sessions(first: 1) { ${facets(all)} }`);
    expect((await codeOf(ask({ query: `{ catalog { ${lists.join(' ')} } }` })))[1]).toBe('QUERY_TOO_COMPLEX');
    expect((await codeOf(ask({ query: `{ catalog { ${lists.slice(1).join(' ')} } }` })))[1]).toBeUndefined();
  });

  test('is limited by itself', async () => {
    const { ask } = open();
    const page = 'sessions(first: 100) { nodes { agent { sessions(first: 100) { nodes { id } } } } }';
    expect((await codeOf(ask({ query: `{ ${page} }` })))[1]).toBe('QUERY_TOO_COMPLEX');
  });
});
