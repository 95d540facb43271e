import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { isInterfaceType, isObjectType } from 'graphql';
import { describe, expect, test } from 'vitest';
import { schema } from './schema/execute.ts';

/**
 * Who may import whom, as data. A place is a folder or a file under src; a provider's folder is `providers/*`. Each line
 * also allows imports inside the same place. Packages are named where a place may use them; `node:` is free for all but domain.
 */
const table: Readonly<Record<string, { readonly places: readonly string[]; readonly packages: readonly string[] }>> = {
  domain: { places: [], packages: [] },
  observation: { places: ['domain'], packages: [] },
  metrics: { places: ['domain', 'observation/observer.ts'], packages: ['prom-client'] },
  pagination: { places: ['domain'], packages: [] },
  conversation: { places: ['domain', 'pagination/cursor-text.ts'], packages: [] },
  http: { places: ['domain', 'observation/observer.ts'], packages: ['undici', 'zod', 'lru-cache', 'ioredis'] },
  providers: { places: ['domain', 'pagination', 'conversation', 'http/upstream.ts', 'providers/*'], packages: ['zod'] },
  'providers/*': {
    places: ['domain', 'pagination', 'conversation', 'http/upstream.ts', 'providers'],
    packages: ['zod'],
  },
  catalog: { places: ['domain', 'pagination'], packages: ['zod', 'postgres'] },
  loaders: { places: ['domain', 'providers'], packages: ['dataloader'] },
  'context.ts': {
    places: ['domain', 'observation/observer.ts', 'catalog/reader.ts', 'providers', 'loaders'],
    packages: [],
  },
  selection: { places: [], packages: ['graphql'] },
  entities: {
    places: ['domain', 'conversation', 'catalog/entry.ts', 'providers', 'loaders', 'context.ts'],
    packages: [],
  },
  connections: {
    places: ['domain', 'observation/observer.ts', 'pagination', 'providers', 'entities', 'context.ts'],
    packages: [],
  },
  resolvers: {
    places: ['domain', 'pagination', 'conversation', 'catalog', 'providers', 'context.ts', 'entities', 'connections'],
    packages: ['graphql'],
  },
  schema: {
    places: [
      'domain',
      'pagination/arguments.ts',
      'catalog',
      'providers',
      'loaders',
      'context.ts',
      'selection',
      'entities',
      'connections',
      'resolvers',
    ],
    packages: [
      'graphql',
      '@pothos/core',
      '@pothos/plugin-relay',
      '@pothos/plugin-directives',
      '@pothos/plugin-federation',
    ],
  },
  config: { places: ['providers', 'http', 'catalog/entry.ts'], packages: ['zod', 'yaml'] },
  'live-source.ts': {
    places: ['domain', 'observation/observer.ts', 'http', 'providers', 'context.ts', 'config'],
    packages: [],
  },
  'followed-source.ts': {
    places: [
      'domain',
      'observation/observer.ts',
      'http',
      'catalog',
      'providers',
      'loaders',
      'context.ts',
      'connections',
      'live-source.ts',
    ],
    packages: [],
  },
  'create-context.ts': {
    places: ['domain', 'catalog', 'http', 'loaders', 'context.ts', 'config', 'live-source.ts', 'followed-source.ts'],
    packages: [],
  },
  server: {
    places: [
      'domain',
      'observation',
      'metrics',
      'catalog',
      'providers',
      'context.ts',
      'create-context.ts',
      'selection',
      'entities',
      'schema',
      'config',
    ],
    packages: [
      'graphql',
      'graphql-yoga',
      '@graphql-yoga/render-graphiql',
      'pino',
      'jose',
      'lru-cache',
      'ws',
      '@opentelemetry/api',
    ],
  },
  documents: { places: ['config', 'server/document-mistakes.ts'], packages: ['graphql'] },
  sandbox: { places: [], packages: [] },
  'trusted-documents.ts': { places: ['config', 'documents', 'schema/schema.ts'], packages: [] },
  'serve.ts': { places: ['config', 'server', 'sandbox'], packages: [] },
  // What it imports is loaded before it listens to signals.
  'main.ts': { places: ['config', 'server/error-text.ts', 'serve.ts'], packages: [] },
};

/** `_entities` is a field too, and `entities.ts` its file. */
function kebabCase(name: string): string {
  return name
    .replace(/^_/, '')
    .replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, '-')
    .toLowerCase();
}

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
  if (toPlace === fromPlace) return true;
  if (to.startsWith('node:')) return fromPlace !== 'domain';
  return [...rules.places, ...rules.packages].some((permission) => isUseOf(permission, { to, toPlace }));
}

function isUseOf(permission: string, { to, toPlace }: Pick<Import, 'to' | 'toPlace'>): boolean {
  if (toPlace === null) return to === permission || to.startsWith(`${permission}/`);
  return (
    to === permission || toPlace === permission || (permission === 'providers/*' && toPlace.startsWith('providers/'))
  );
}

/** What is left when files that import nothing, or that nobody imports, are taken away again and again. */
function circlesAmong(edges: readonly Pick<Import, 'from' | 'to'>[]): string[] {
  const importing = new Set(edges.map(({ from }) => from));
  const imported = new Set(edges.map(({ to }) => to));
  const left = edges.filter(({ from, to }) => importing.has(to) && imported.has(from));
  return left.length === edges.length ? left.map(({ from, to }) => `${from} -> ${to}`) : circlesAmong(left);
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

  test('the table allows nothing that nobody imports', () => {
    const permissions = Object.entries(table).flatMap(([place, { places, packages }]) =>
      [...places, ...packages].map((permission) => ({ place, permission })),
    );
    const unused = permissions.filter(({ place, permission }) => {
      const own = imports.filter(({ fromPlace }) => rulesFor(fromPlace) === table[place]);
      return !own.some((each) => isUseOf(permission, each));
    });
    expect(unused).toEqual([]);
    expect(permissions.length).toBeGreaterThan(50);
  });

  test('the path of a resolver is its schema coordinate', () => {
    const coordinates = Object.values(schema.getTypeMap()).flatMap((type) =>
      isObjectType(type) || isInterfaceType(type)
        ? Object.keys(type.getFields()).map((field) => `resolvers/${kebabCase(type.name)}/${kebabCase(field)}.ts`)
        : [],
    );
    const resolvers = files.filter((file) => placeOf(file) === 'resolvers');
    expect(resolvers.filter((file) => !coordinates.includes(file))).toEqual([]);
    expect(resolvers.length).toBeGreaterThan(5);
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
      ['sandbox/agno.ts', "import { toSession } from '../providers/agno/session.ts';"],
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

  test('every provider folder holds the same files, and beside them only files that are named for a noun of this list', () => {
    const inEach = 'agent client feeds index session settings source'.split(' ');
    const things =
      'agent-version team member workflow message message-part content-part item response tool-call run run-message turn tool-execution media component capability usage model config';
    const ways =
      'page conversation listings directory find-session find-row session-state database instant dialect refusal unreadable';
    const inSome = `${things} ${ways}`.split(' ');
    const folders = [...new Set(files.map(placeOf))].filter((place) => place.startsWith('providers/'));
    expect(folders.length).toBeGreaterThanOrEqual(4);
    for (const folder of folders) {
      const held = files.filter((file) => placeOf(file) === folder).map((file) => file.slice(folder.length + 1, -3));
      expect(held, folder).toEqual(expect.arrayContaining(inEach));
      expect(
        held.filter((name) => ![...inEach, ...inSome].includes(name)),
        folder,
      ).toEqual([]);
    }
  });

  test('no file has more than 300 lines', () => {
    const lengths = files.map((file) => ({
      file,
      lines: readFileSync(join(source, file), 'utf8').split('\n').length - 1,
    }));
    expect(lengths.length).toBeGreaterThan(200);
    expect(lengths.filter(({ lines }) => lines > 300)).toEqual([]);
  });

  test('no imports run in a circle, those of types included', () => {
    const withinSource = imports.filter(({ toPlace }) => toPlace !== null);
    expect(withinSource.length).toBeGreaterThan(200);
    expect(circlesAmong(withinSource)).toEqual([]);
  });

  test('a circle of imports is found, however long it is and whatever leads to it', () => {
    const chain = [
      importsOf('a.ts', "import { b } from './b.ts';"),
      importsOf('b.ts', "import { type c, d } from './c.ts';"),
      importsOf('c.ts', "export * from './domain/d.ts';"),
    ].flat();
    expect(circlesAmong(chain)).toEqual([]);
    expect(circlesAmong([...chain, ...importsOf('domain/d.ts', "import type { B } from '../b.ts';")])).toEqual([
      'b.ts -> c.ts',
      'c.ts -> domain/d.ts',
      'domain/d.ts -> b.ts',
    ]);
    expect(circlesAmong(importsOf('a.ts', "import type { A } from './a.ts';"))).toEqual(['a.ts -> a.ts']);
  });

  test('only the configuration reads the environment', () => {
    const reading = files.filter((file) => /process\.env/.test(readFileSync(join(source, file), 'utf8')));
    expect(reading.filter((file) => !file.startsWith('config/'))).toEqual([]);
    expect(reading.length).toBeGreaterThan(0);
  });
});
