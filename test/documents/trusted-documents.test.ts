import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { run, runTrustedDocuments } from '../server/process.ts';

type Files = Readonly<Record<string, unknown>>;

/** A folder with these files: texts as they are, all else as JSON. */
function folderWith(files: Files): string {
  const folder = mkdtempSync(join(tmpdir(), 'session-graph-trusted-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(folder, dirname(path)), { recursive: true });
    writeFileSync(join(folder, path), typeof content === 'string' ? content : JSON.stringify(content));
  }
  return folder;
}

/** The program in a folder with these files. */
async function build(files: Files, words: readonly string[] = ['client']) {
  const folder = folderWith(files);
  const { code, out, err } = await runTrustedDocuments(words, folder).ended;
  const manifest = readdirSync(folder).includes('trusted-documents.json')
    ? (JSON.parse(readFileSync(join(folder, 'trusted-documents.json'), 'utf8')) as Record<string, string>)
    : null;
  return { folder, code, out, said: err.trim().split('\n'), manifest };
}

/** What a started server answers to these ids. */
async function answersTo(trustedDocuments: string, asked: readonly object[]): Promise<readonly unknown[]> {
  const source = '{ id: nowhere, provider: everruns, name: Nowhere, url: "http://127.0.0.1:9" }';
  const server = `{ port: 0, log: { level: silent }, trustedDocuments: ${JSON.stringify(trustedDocuments)} }`;
  const config = join(
    folderWith({ 'session-graph.yaml': `server: ${server}\nsources: [${source}]\n` }),
    'session-graph.yaml',
  );
  const url = /http:\/\/\S+\/graphql/.exec(await run(['--config', config]).printed('Ctrl-C'))?.[0] ?? '';
  const headers = { 'content-type': 'application/json' };
  return Promise.all(
    asked.map(async (body) => (await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })).json()),
  );
}

const apollo = (...operations: readonly (readonly [id: string, name: string, body: string])[]) => ({
  format: 'apollo-persisted-query-manifest',
  version: 1,
  operations: operations.map(([id, name, body]) => ({ id, name, type: 'query', body })),
});

const client: Files = {
  'client/names.graphql': `
    # Fragments are in other files.
    query Names { sources { ...SourceName } }
    query   OneName($slug: ID!) { source(id: $slug) { ...SourceName } }
  `,
  'client/parts/source.gql':
    'fragment SourceName on Source { ...SourceSlug name } fragment Unused on Source { nothing }',
  'client/parts/deep/slug.graphql': 'fragment SourceSlug on Source { slug }',
  'client/relay.json': { '0f1e2d': 'query Kinds { sources { provider } }' },
  'client/apollo.json': apollo(['a1b2', 'Slugs', 'query Slugs { sources { slug __typename } }']),
};

/** `printf '%s' "$text" | sha256sum` of the texts below. */
const names = '4866297402d17356f7e755d520eef7ca2def4f18b820d6bb9a3aa105a534d4b1';
const oneName = 'd7344e0a064f07c9e3278c9c4212d819635939333e4ca328798b00a87d3bf1db';

describe('a manifest', () => {
  test('has what every file asks, and a server answers that by its ids', async () => {
    const { folder, code, out, said, manifest } = await build(client);

    expect({ code, out, said }).toMatchInlineSnapshot(`
      {
        "code": 0,
        "out": "",
        "said": [
          "0f1e2d  client/relay.json  Kinds",
          "4866297402d17356f7e755d520eef7ca2def4f18b820d6bb9a3aa105a534d4b1  client/names.graphql  Names",
          "a1b2  client/apollo.json  Slugs",
          "d7344e0a064f07c9e3278c9c4212d819635939333e4ca328798b00a87d3bf1db  client/names.graphql  OneName",
          "4 documents in trusted-documents.json.",
        ],
      }
    `);
    expect(manifest).toMatchInlineSnapshot(`
      {
        "0f1e2d": "query Kinds { sources { provider } }",
        "4866297402d17356f7e755d520eef7ca2def4f18b820d6bb9a3aa105a534d4b1": "query Names {
        sources {
          ...SourceName
        }
      }

      fragment SourceName on Source {
        ...SourceSlug
        name
      }

      fragment SourceSlug on Source {
        slug
      }",
        "a1b2": "query Slugs { sources { slug __typename } }",
        "d7344e0a064f07c9e3278c9c4212d819635939333e4ca328798b00a87d3bf1db": "query OneName($slug: ID!) {
        source(id: $slug) {
          ...SourceName
        }
      }

      fragment SourceName on Source {
        ...SourceSlug
        name
      }

      fragment SourceSlug on Source {
        slug
      }",
      }
    `);
    expect(
      await answersTo(join(folder, 'trusted-documents.json'), [
        { documentId: names },
        { documentId: oneName, variables: { slug: 'nowhere' } },
        { documentId: '0f1e2d' },
        { extensions: { persistedQuery: { version: 1, sha256Hash: 'a1b2' } } },
        { documentId: 'other' },
      ]),
    ).toMatchInlineSnapshot(`
      [
        {
          "data": {
            "sources": [
              {
                "name": "Nowhere",
                "slug": "nowhere",
              },
            ],
          },
        },
        {
          "data": {
            "source": {
              "name": "Nowhere",
              "slug": "nowhere",
            },
          },
        },
        {
          "data": {
            "sources": [
              {
                "provider": "EVERRUNS",
              },
            ],
          },
        },
        {
          "data": {
            "sources": [
              {
                "__typename": "Source",
                "slug": "nowhere",
              },
            ],
          },
        },
        {
          "errors": [
            {
              "extensions": {
                "code": "DOCUMENT_NOT_TRUSTED",
              },
              "message": "There is no trusted document with this id.",
            },
          ],
        },
      ]
    `);
  });

  test('goes to standard output alone, or to the file that is named', async () => {
    const query = { 'client/a.graphql': '{ sources { slug } }' };
    const [printed, written] = await Promise.all([
      build(query, ['client', '--out', '-']),
      build(query, ['client/a.graphql', '--out', 'client/trusted.json']),
    ]);

    expect([printed.code, written.code]).toEqual([0, 0]);
    expect(printed.manifest).toBe(null);
    expect(Object.values(JSON.parse(printed.out))).toEqual(['{\n  sources {\n    slug\n  }\n}']);
    expect(written.out).toBe('');
    expect(readFileSync(join(written.folder, 'client/trusted.json'), 'utf8')).toBe(printed.out);
  });

  test('is made from what asks something, and never from what it was before', async () => {
    const { code, said, manifest } = await build(
      {
        'a.graphql': '{ sources { ...Own } } fragment Own on Source { slug }',
        'fragments.graphql': 'fragment Own on Source { name }',
        'kept.json': { kept: '{ sources { id } }' },
        'trusted-documents.json': { old: '{ sources { name } }' },
        'schema.graphql': 'type Query { sources: [Int] }',
        'package.json': { name: 'client', scripts: { query: 'query' } },
        'words.json': { greeting: 'Hello' },
        'tsconfig.json': '{ // no JSON\n}',
        'node_modules/other/b.graphql': '{ sources { nothing } }',
        '.cache/c.graphql': '{ sources { nothing } }',
      },
      ['.'],
    );
    expect(code).toBe(0);
    expect(Object.values(manifest ?? {})).toEqual([
      '{\n  sources {\n    ...Own\n  }\n}\n\nfragment Own on Source {\n  slug\n}',
      '{ sources { id } }',
    ]);
    expect(said[0]).toBe('No documents in schema.graphql, package.json, tsconfig.json, words.json.');
    expect(said.at(-1)).toBe('2 documents in trusted-documents.json.');
  });
});

describe('nothing is written', () => {
  const aliases = Array.from({ length: 51 }, (_, index) => `a${index}: __typename`).join(' ');
  const page = 'sessions(first: 100) { nodes { id } }';
  const deep = `${'{ sessions { nodes { source '.repeat(6)}{ id }${' } } }'.repeat(6)}`;

  test('when a document is not right, and each mistake is a line with its file and operation', async () => {
    const { code, out, said, manifest } = await build({
      'client/a.graphql': `query Misspelt {
  sources {
    nmae
  }
}
query OfAnotherFile { sources { ...Row } }
mutation Rename { rename }
query Wide($first: Int = 100) { sessions(first: $first) { nodes { agent { ${page} } } } }
query Narrow($first: Int!) { sessions(first: $first) { nodes { agent { sessions { nodes { id } } } } } }
query Nowhere { sources { ...NoFragment } }
{ sources { slugg } }`,
      'client/b.gql': 'query Cut {\n  sources {',
      'client/rows.graphql': 'fragment Row on Source {\n  id\n  titel\n}',
      'client/two.graphql': 'query Ambiguous { sources { ...Two } }',
      'client/two-a.graphql': 'fragment Two on Source { id }',
      'client/two-b.graphql': 'fragment Two on Source { slug }',
      'client/relay.json': {
        r1: `query Deep { sources ${deep} }`,
        r2: `query Aliases { ${aliases} }`,
        r3: 'mutation Later { never }',
        r4: '{ sources {',
      },
      'client/apollo.json': apollo(
        ['r2', 'Other', 'query Other { sources { id } }'],
        ['long', 'Long', `query Long { ${'sources { slug } '.repeat(1_001)} }`],
      ),
      'client/later.json': { ...apollo(), version: 2 },
      'trusted-documents.json': { old: '{ __typename }' },
      'client/twice.json': apollo(['same', 'A', 'query A { __typename }'], ['same', 'B', 'query B { __typename }']),
    });

    expect({ code, out, manifest }).toEqual({ code: 1, out: '', manifest: { old: '{ __typename }' } });
    expect(said).toMatchInlineSnapshot(`
      [
        "client/b.gql:2  Syntax Error: Expected Name, found <EOF>.",
        "client/later.json  must be an operation manifest of version 1, whose \`operations\` have an \`id\` and a \`body\` each",
        "client/twice.json  has two operations with the id "same"",
        "client/relay.json  "r2" Aliases  client/apollo.json has another text with this id.",
        "client/a.graphql:3  Misspelt  Cannot query field "nmae" on type "Source". Did you mean "name"?",
        "client/rows.graphql:3  OfAnotherFile  Cannot query field "titel" on type "Source".",
        "client/a.graphql:7  Rename  The graph has no mutations.",
        "client/a.graphql:8  Wide  The query costs 11210, and the maximum is 5000. Request smaller pages or fewer nested lists.",
        "client/a.graphql:10  Nowhere  Unknown fragment "NoFragment".",
        "client/a.graphql:11  an operation without a name  Cannot query field "slugg" on type "Source". Did you mean "slug"?",
        "client/two-a.graphql:1  Ambiguous  There can be only one fragment named "Two".",
        "client/apollo.json  "long" Long  Syntax Error: Document contains more that 4000 tokens. Parsing aborted.",
        "client/relay.json  "r1" Deep  The query is nested deeper than 16 fields.",
        "client/relay.json  "r2" Aliases  The query has more than 50 aliases.",
        "client/relay.json  "r3" Later  The graph has no mutations.",
        "client/relay.json  "r4"  Syntax Error: Expected Name, found <EOF>.",
        "Nothing was written: 16 mistakes.",
      ]
    `);
  });

  test('when there is nothing to write, or something that is named cannot be used', async () => {
    const outcomes = await Promise.all([
      build({ 'client/readme.md': '' }),
      build({}, ['client']),
      build({ 'client/a.graphql': '{ __typename }' }, ['client', '--out', 'no/where.json']),
      build({ 'words.json': ['Hello'] }, ['words.json']),
    ]);
    expect(outcomes.map(({ code, said }) => [code, said[0]])).toEqual([
      [1, 'There are no documents in client. Nothing was written.'],
      [1, 'client  does not exist'],
      [1, 'no/where.json  cannot be written: ENOENT'],
      [1, 'words.json  must be a JSON file that maps ids to queries, or an operation manifest of Apollo'],
    ]);
  });
});

describe('the limits', () => {
  const wide = 'query Wide { sessions(first: 100) { nodes { id } } }';
  const limits = (cost: number) => `
server:
  trustedDocuments: not-written-yet.json
  limits: { query: { cost: ${cost} } }
sources:
  - { id: a, provider: agno, url: "http://localhost:1", auth: { bearer: "\${A_SECRET_THAT_IS_NOT_HERE}" } }
`;
  const withLimit = (cost: number) =>
    build({ 'client/wide.graphql': wide, 'server.yaml': limits(cost) }, ['client', '--config', 'server.yaml']);

  test('are those of a configuration, of which nothing else is needed', async () => {
    const [enough, tooLow, wrong] = await Promise.all([withLimit(110), withLimit(109), withLimit(0)]);
    expect(enough.code).toBe(0);
    expect(tooLow).toMatchObject({
      code: 1,
      said: [
        'client/wide.graphql:1  Wide  The query costs 110, and the maximum is 109. Request smaller pages or fewer nested lists.',
        'Nothing was written: 1 mistake.',
      ],
    });
    expect(wrong.said).toEqual(['server.yaml:4  server.limits.query.cost  must be at least 1']);
  });
});
