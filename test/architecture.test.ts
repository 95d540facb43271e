import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';

/**
 * Who may import whom, as data. A place is a folder or a file under src; a provider's folder is `providers/*`. Each line
 * also allows imports inside the same place. Packages are named where a place may use them; `node:` is free for all but domain.
 */
const table: Readonly<Record<string, { readonly places: readonly string[]; readonly packages: readonly string[] }>> = {
  domain: { places: [], packages: [] },
  pagination: { places: ['domain'], packages: [] },
  http: { places: ['domain'], packages: ['undici', 'zod', 'lru-cache'] },
  providers: { places: ['domain', 'pagination', 'http/upstream.ts', 'providers/*'], packages: ['zod'] },
  'providers/*': { places: ['domain', 'pagination', 'http/upstream.ts', 'providers'], packages: ['zod'] },
  loaders: { places: ['domain', 'providers'], packages: ['dataloader'] },
  'context.ts': { places: ['domain', 'providers', 'loaders'], packages: [] },
  selection: { places: [], packages: ['graphql'] },
  resolvers: {
    places: ['selection', 'domain', 'pagination', 'providers', 'loaders', 'context.ts'],
    packages: ['graphql'],
  },
  schema: {
    places: ['domain', 'providers', 'loaders', 'context.ts', 'resolvers', 'pagination'],
    packages: [
      'graphql',
      '@pothos/core',
      '@pothos/plugin-relay',
      '@pothos/plugin-directives',
      '@pothos/plugin-federation',
      '@apollo/subgraph',
    ],
  },
  config: { places: ['domain', 'providers', 'http'], packages: ['zod', 'yaml'] },
  'create-context.ts': {
    places: ['domain', 'pagination', 'http', 'providers', 'loaders', 'context.ts', 'config'],
    packages: [],
  },
  server: {
    places: [
      'domain',
      'pagination/arguments.ts',
      'http',
      'providers',
      'loaders',
      'context.ts',
      'create-context.ts',
      'selection',
      'resolvers',
      'schema',
      'config',
    ],
    packages: ['graphql', 'graphql-yoga', '@graphql-yoga/render-graphiql', 'pino', 'jose', 'zod', 'lru-cache'],
  },
  sandbox: { places: [], packages: [] },
  'main.ts': {
    places: ['config', 'server', 'sandbox', 'create-context.ts', 'domain', 'schema'],
    packages: [],
  },
};

const source = join(import.meta.dirname, '..', 'src');

interface Import {
  readonly from: string;
  readonly fromPlace: string;
  /** A place, a file of one, or a package. */
  readonly to: string;
  readonly toPlace: string | null;
}

function placeOf(file: string): string {
  const [first = '', second = '', third] = file.split('/');
  return first === 'providers' && third !== undefined ? `providers/${second}` : first;
}

function rulesFor(place: string) {
  return table[place] ?? (place.startsWith('providers/') ? table['providers/*'] : undefined);
}

function importsOf(file: string, text: string): Import[] {
  const specifiers = [
    ...text.matchAll(/(?:^|\n)(?:import|export)\b[^;'"=]*?\bfrom\s+['"]([^'"]+)['"]/g),
    ...text.matchAll(/(?:^|\n)import\s+['"]([^'"]+)['"]/g),
    ...text.matchAll(/\bimport\(\s*['"]([^'"]+)['"]/g),
  ];
  return specifiers.map((match) => {
    const specifier = match[1] ?? '';
    const to = specifier.startsWith('.') ? relative(source, join(source, dirname(file), specifier)) : specifier;
    return {
      from: file,
      fromPlace: placeOf(file),
      to,
      toPlace: specifier.startsWith('.') ? placeOf(to) : null,
    };
  });
}

function isAllowed({ fromPlace, to, toPlace }: Import): boolean {
  const rules = rulesFor(fromPlace);
  if (rules === undefined) return false;
  if (toPlace === null) {
    if (to.startsWith('node:')) return fromPlace !== 'domain';
    const name = to
      .split('/')
      .slice(0, to.startsWith('@') ? 2 : 1)
      .join('/');
    return rules.packages.includes(name);
  }
  if (toPlace === fromPlace || rules.places.includes(to) || rules.places.includes(toPlace)) return true;
  return toPlace.startsWith('providers/') && rules.places.includes('providers/*');
}

const files = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => file.endsWith('.ts'));
const imports = files.flatMap((file) => importsOf(file, readFileSync(join(source, file), 'utf8')));

describe('architecture', () => {
  test('every place is in the table and every place of the table has files', () => {
    const places = new Set(files.map(placeOf));
    expect([...places].filter((place) => rulesFor(place) === undefined)).toEqual([]);
    expect(Object.keys(table).filter((place) => !place.endsWith('*') && !places.has(place))).toEqual([]);
    expect(files.length).toBeGreaterThan(50);
    expect(imports.length).toBeGreaterThan(200);
  });

  test('nobody imports what the table does not allow', () => {
    const broken = imports.filter((each) => !isAllowed(each)).map((each) => `${each.from} -> ${each.to}`);
    expect(broken).toEqual([]);
  });

  test('the rules refuse what they are meant to refuse', () => {
    const refused = [
      ['domain/session.ts', "import { x } from '../pagination/feed.ts';"],
      ['domain/session.ts', "import { readFileSync } from 'node:fs';"],
      ['pagination/merge.ts', "import type { Source } from '../providers/source.ts';"],
      ['providers/agno/source.ts', "import { x } from '../everruns/mapping.ts';"],
      ['providers/agno/source.ts', "import { GraphQLError } from 'graphql';"],
      ['providers/agno/client.ts', "import { createHttpSource } from '../../http/client.ts';"],
      ['resolvers/query/sessions.ts', "import SchemaBuilder from '@pothos/core';"],
      ['sandbox/agno.ts', "import { toSession } from '../providers/agno/mapping.ts';"],
      ['providers/agno/source.ts', "import '../everruns/mapping.ts';"],
      ['domain/session.ts', 'export * from "../pagination/feed.ts";'],
      ['unknown/file.ts', "import { x } from './other.ts';"],
    ] as const;
    for (const [file, text] of refused) {
      expect(importsOf(file, text).filter(isAllowed), `${file}: ${text}`).toEqual([]);
      expect(importsOf(file, text)).toHaveLength(1);
    }
  });

  test('only a provider, the sandbox and the registry know a provider by name', () => {
    const names = readdirSync(join(source, 'providers'), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name);
    expect(names.length).toBeGreaterThanOrEqual(4);
    const pattern = new RegExp(`\\b(${names.join('|')})`, 'i');
    const knowing = files.filter(
      (file) =>
        !/^providers\/[^/]+\/|^sandbox\/|^providers\/registry\.ts$/.test(file) &&
        pattern.test(readFileSync(join(source, file), 'utf8').replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, '')),
    );
    expect(knowing).toEqual([]);
  });

  test('every provider folder holds the same files, and others only beside them', () => {
    const folders = [...new Set(files.map(placeOf))].filter((place) => place.startsWith('providers/'));
    for (const folder of folders) {
      const held = files.filter((file) => placeOf(file) === folder).map((file) => file.slice(folder.length + 1));
      const same = ['client.ts', 'feeds.ts', 'index.ts', 'mapping.ts', 'source.ts', 'wire.ts'];
      expect(held, folder).toEqual(expect.arrayContaining(same));
    }
  });

  test('only the configuration reads the environment', () => {
    const reading = files.filter((file) => /process\.env/.test(readFileSync(join(source, file), 'utf8')));
    expect(reading.filter((file) => !file.startsWith('config/'))).toEqual([]);
    expect(reading.length).toBeGreaterThan(0);
  });
});
