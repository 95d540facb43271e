import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { inspect } from 'node:util';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { CatalogStoreError } from '../../src/catalog/catalog-store-error.ts';
import { loadPostgres } from '../../src/catalog/postgres/driver.ts';
import { openPostgresStore } from '../../src/catalog/postgres/open-postgres-store.ts';
import type { CatalogStore } from '../../src/catalog/store.ts';
import { never } from '../catalog/contract/open-store.ts';
import { entryOf, markOf, rangeOf, selectionOf } from '../catalog/entries.ts';
import { storeContract } from '../catalog/store-contract.ts';
import { startGate } from './gate.ts';
import { type PostgresqlServer, startPostgresql } from './postgresql-server.ts';

const patience = { timeout: 30_000 };

let server: PostgresqlServer;
let administrator: postgres.Sql;

beforeAll(async () => {
  server = await startPostgresql();
  administrator = postgres(server.urlOf({}), { max: 2, onnotice: () => {} });
});

afterAll(async () => {
  await administrator.end();
  await server.close();
});

interface OpenedStore {
  readonly store: CatalogStore;
  readonly told: string[];
}

function openStore(url: string, keptChanges?: number): OpenedStore {
  const connect = loadPostgres();
  if (connect === null) throw new Error('The package `postgres` is not installed.');
  const told: string[] = [];
  const store = openPostgresStore({
    url,
    connect,
    report: {
      postgresLost: (reason) => told.push(`lost: ${reason}`),
      postgresBack: () => told.push('back'),
      searchUnindexed: (reason) => told.push(`unindexed: ${reason}`),
    },
    ...(keptChanges === undefined ? {} : { keptChanges }),
  });
  onTestFinished(() => store.close());
  return { store, told };
}

/** A schema of its own, with nothing in it. */
async function freshUrl(): Promise<string> {
  const schema = `test_${randomUUID().replaceAll('-', '')}`;
  await administrator`create schema ${administrator(schema)}`;
  return server.urlOf({ schema });
}

function schemaOf(url: string): string {
  return new URL(url).searchParams.get('search_path') ?? '';
}

/** As the administrator. */
async function inSchema<Result>(url: string, work: (sql: postgres.Sql) => Promise<Result>): Promise<Result> {
  const sql = postgres(server.urlOf({ schema: schemaOf(url) }), { max: 1, onnotice: () => {} });
  try {
    return await work(sql);
  } finally {
    await sql.end();
  }
}

/** All that the stores of this test have. */
async function endConnections(): Promise<void> {
  await administrator`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'session-graph'`;
}

function startWriter(url: string) {
  const program = join(import.meta.dirname, 'postgresql-writer.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', program, url], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  return { child, lines: createInterface({ input: child.stdout })[Symbol.asyncIterator]() };
}

storeContract('PostgreSQL', {
  open: async () => openStore(await freshUrl(), 100).store,
  isBounded: false,
  removalsUntilForgotten: 300,
});

describe('several processes on one database', () => {
  test('another leads soon after the connection of the first was ended, and nothing is lost', async () => {
    const url = await freshUrl();
    const [one, other] = [openStore(url), openStore(url)];
    const first = await one.store.lead('a', never);
    await first.write([entryOf('k1'), entryOf('k2')], 1, markOf(0));
    const waiting = other.store.lead('a', never);
    await endConnections();
    await vi.waitFor(() => expect(first.lost.aborted).toBe(true), patience);
    await expect(first.write([entryOf('k3')], 1, markOf(0))).rejects.toThrow(CatalogStoreError);
    const second = await waiting;
    expect(await second.state()).toEqual({ version: 2, sessions: 2, mark: markOf(0) });
    expect(await second.write([entryOf('k3')], 1, markOf(1))).toBe(1);
    // The first can only be one that waits.
    const again = one.store.lead('a', never);
    await second.release();
    expect((await (await again).state()).version).toBe(3);
    expect(await one.store.count(selectionOf({ a: {} }))).toBe(3);
  });

  test('a process that is killed in the midst of a sweep loses and deletes nothing, and another goes on', async () => {
    const url = await freshUrl();
    const { store } = openStore(url);
    const { child, lines } = startWriter(url);
    expect((await lines.next()).value).toBe('swept 1');
    const waiting = store.lead('a', never);
    // It has seen half of them in the second sweep, and goes on to write.
    expect((await lines.next()).value).toBe('half of 2');
    child.kill('SIGKILL');
    const second = await waiting;
    const { version, sessions, mark } = await second.state();
    expect(mark.sweep).toBe(1);
    expect(sessions).toBe(1_000);
    expect(await store.count(selectionOf({ a: {} }))).toBe(1_000);
    // Each write was kept as a whole or not at all: those that changed are as many as the versions.
    const changed = await store.count(selectionOf({ a: { statuses: ['RUNNING'] } }));
    expect(changed % 100).toBe(0);
    expect(version).toBe(1_000 + changed);
    // A new sweep that sees one removes the others.
    await second.write([entryOf('k0')], 3, markOf(1));
    expect(await second.finishSweep(3, markOf(3))).toBe(999);
  });

  test('a process that stands still is not waited for', async () => {
    const url = await freshUrl();
    const { store } = openStore(url);
    const { child, lines } = startWriter(url);
    expect((await lines.next()).value).toBe('swept 1');
    child.kill('SIGSTOP');
    expect((await (await store.lead('a', never)).state()).sessions).toBe(1_000);
  });

  test('one who took the lead is not overtaken by one who has lost it without knowing', async () => {
    const url = await freshUrl();
    const { store } = openStore(url);
    const writer = await store.lead('a', never);
    await writer.write([entryOf('k1')], 1, markOf(0));
    // As when the server gave the lock to another, and the news has not arrived.
    await inSchema(url, (sql) => sql`update session_graph_source set holder = 'another'`);
    await expect(writer.write([entryOf('k2')], 1, markOf(0))).rejects.toThrow('does not lead');
    expect(writer.lost.aborted).toBe(true);
    expect(await store.count(selectionOf({ a: {} }))).toBe(1);
    // It has let go of all, so that it can lead again, and then another.
    await (await store.lead('a', never)).release();
    await (await openStore(url).store.lead('a', never)).release();
  });

  test('one that gives up while it is given the lead leaves it to others', async () => {
    const url = await freshUrl();
    const [one, other] = [openStore(url).store, openStore(url).store];
    for (let round = 0; round < 20; round += 1) {
      const patient = new AbortController();
      const asked = one.lead('a', patient.signal);
      setTimeout(() => patient.abort(), round);
      await asked.then(
        (writer) => writer.release(),
        () => {},
      );
      await (await other.lead('a', never)).release();
    }
  });

  test('tables that somebody removed are made anew, with another epoch', async () => {
    const url = await freshUrl();
    const { store } = openStore(url);
    const writer = await store.lead('a', never);
    await writer.write([entryOf('k1')], 1, markOf(0));
    const epoch = await store.epoch();
    await inSchema(url, (sql) => sql`drop table session_graph_entry, session_graph_past, session_graph_source`);
    await inSchema(url, (sql) => sql`drop table session_graph_epoch, session_graph_version`);
    await expect(store.count(selectionOf({ a: {} }))).rejects.toThrow('failed (42P01)');
    expect(await store.count(selectionOf({ a: {} }))).toBe(0);
    expect(await store.epoch()).not.toBe(epoch);
    await expect(writer.mark(markOf(1))).rejects.toThrow('does not lead');
    expect(await (await store.lead('a', never)).write([entryOf('k1')], 1, markOf(0))).toBe(1);
  });

  test('each is told of what the other writes, also after its connection was ended', async () => {
    const url = await freshUrl();
    const [one, other] = [openStore(url), openStore(url)];
    const heard: string[] = [];
    other.store.watch((sourceId) => heard.push(sourceId));
    const writer = await one.store.lead('a', never);
    await writer.write([entryOf('k1')], 1, markOf(0));
    await vi.waitFor(() => expect(heard).toContain('a'), patience);
    await endConnections();
    heard.length = 0;
    await (await one.store.lead('a', never)).write([entryOf('k2')], 1, markOf(0));
    await vi.waitFor(() => expect(heard).toContain('a'), patience);
  });

  test('make the tables once, however many begin at the same moment', async () => {
    const url = await freshUrl();
    const stores = Array.from({ length: 6 }, () => openStore(url));
    const epochs = await Promise.all(stores.map(({ store }) => store.epoch()));
    expect(new Set(epochs).size).toBe(1);
    const versions = await inSchema(url, (sql) => sql`select version from session_graph_version`);
    expect([...versions]).toEqual([{ version: 1 }]);
    expect(stores.flatMap(({ told }) => told)).toEqual([]);
  });
});

test('what sessions were is forgotten after an hour, without anything being written', async () => {
  const url = await freshUrl();
  const { store } = openStore(url);
  const writer = await store.lead('a', never);
  await writer.write([entryOf('k1', { title: 'private' }), entryOf('k2'), entryOf('k3')], 1, markOf(0));
  await writer.write([entryOf('k1')], 1, markOf(0));
  await writer.remove(['k2']);
  const pastOf = () => inSchema(url, (sql) => sql`select key from session_graph_past order by key`);
  await writer.forget();
  expect((await pastOf()).map(({ key }) => key)).toEqual(['k1', 'k2']);
  await inSchema(url, (sql) => sql`update session_graph_past set at = at - interval '61 minutes'`);
  await writer.remove(['k3']);
  await writer.forget();
  expect((await pastOf()).map(({ key }) => key)).toEqual(['k3']);
  expect(await store.changes('a', 4, 10)).toBeNull();
  expect(await store.changes('a', 5, 10)).toMatchObject([{ key: 'k3', entry: null }]);
});

/** Of the index for searches; nothing where there is none. */
const isValid = (url: string) =>
  inSchema(url, async (sql) => {
    const found = await sql`
      select indisvalid from pg_index where indexrelid::regclass::text like ${'%session_graph_entry_search'}
      and (select relnamespace from pg_class where oid = indexrelid) = current_schema()::regnamespace`;
    return found.map(({ indisvalid }) => indisvalid);
  });

describe('the index for searches', () => {
  const endBuilding = () => administrator`
    select pg_terminate_backend(pid) from pg_stat_activity where query like ${'create index concurrently%'}`;
  const withoutIndex = (url: string) => inSchema(url, (sql) => sql`drop index session_graph_entry_search`);

  /** A database with tables and a session, and somebody who has begun to change that session and does not end. */
  async function withChangeUnderWay(work: (url: string, end: () => Promise<void>) => Promise<void>): Promise<void> {
    const url = await freshUrl();
    const first = openStore(url);
    await (await first.store.lead('a', never)).write([entryOf('k1')], 1, markOf(0));
    await vi.waitFor(async () => expect(await isValid(url)).toEqual([true]), patience);
    await first.store.close();
    await withoutIndex(url);
    await inSchema(url, async (sql) => {
      await sql`begin`;
      await sql`update session_graph_entry set seen = seen`;
      await work(url, async () => void (await sql`commit`));
    });
  }

  test('holds up nobody who writes while it is made', async () => {
    await withChangeUnderWay(async (url, end) => {
      const { store, told } = openStore(url);
      const writer = await store.lead('a', never);
      await vi.waitFor(async () => expect(await isValid(url)).toEqual([false]), patience);
      expect(await writer.write([entryOf('k2')], 1, markOf(0))).toBe(1);
      expect(await isValid(url)).toEqual([false]);
      await end();
      await vi.waitFor(async () => expect(await isValid(url)).toEqual([true]), patience);
      expect(told).toEqual([]);
    });
  });

  test('that a process left half made is made anew', async () => {
    await withChangeUnderWay(async (url, end) => {
      const { store } = openStore(url);
      await store.epoch();
      await vi.waitFor(async () => expect(await isValid(url)).toEqual([false]), patience);
      await endBuilding();
      await store.close();
      await end();
      expect(await isValid(url)).toEqual([false]);
      const next = openStore(url);
      await next.store.epoch();
      await vi.waitFor(async () => expect(await isValid(url)).toEqual([true]), patience);
      expect(next.told).toEqual([]);
    });
  });

  test('is made once, however many begin at the same moment, and by another when the first ends before', async () => {
    await withChangeUnderWay(async (url, end) => {
      const stores = Array.from({ length: 4 }, () => openStore(url));
      await Promise.all(stores.map(({ store }) => store.epoch()));
      await vi.waitFor(async () => expect(await isValid(url)).toEqual([false]), patience);
      await endBuilding();
      await end();
      await vi.waitFor(async () => expect(await isValid(url)).toEqual([true]), patience);
      expect(stores.flatMap(({ told }) => told)).toEqual([expect.stringContaining('unindexed: ')]);
    });
  });
});

describe('a question that nobody waits for any more', () => {
  const running = () => administrator<{ query: string }[]>`
    select query from pg_stat_activity where application_name = 'session-graph' and state = 'active' and wait_event_type = 'Lock'`;

  test('is ended in the database, and its connection answers the next one', async () => {
    const url = await freshUrl();
    const { store, told } = openStore(url);
    await (await store.lead('a', never)).write([entryOf('k1')], 1, markOf(0));
    // Else it waits for the lock, too.
    await vi.waitFor(async () => expect(await isValid(url)).toEqual([true]), patience);
    await inSchema(url, async (sql) => {
      await sql`begin`;
      await sql`lock table session_graph_entry`;
      const leaving = new AbortController();
      const questions = [
        store.count(selectionOf({ a: {} }), leaving.signal),
        store.facet(selectionOf({ a: {} }), 'status', 10, leaving.signal),
        store.page(selectionOf({ a: {} }), rangeOf(), leaving.signal),
      ];
      const ends = questions.map((question) => expect(question).rejects.toThrow('The caller hung up.'));
      await vi.waitFor(async () => expect(await running()).toHaveLength(3), patience);
      leaving.abort(new CatalogStoreError('HANG_UP', 'The caller hung up.'));
      await Promise.all(ends);
      expect(await running()).toEqual([]);
      await sql`commit`;
    });
    const again = Array.from({ length: 8 }, () => store.count(selectionOf({ a: {} }), never));
    expect(await Promise.all(again)).toEqual(Array(8).fill(1));
    expect(told).toEqual([]);
  });
});

describe('a database that is not as it should be', () => {
  test('with tables of a newer server is refused, and nothing in it is changed', async () => {
    const url = await freshUrl();
    await openStore(url).store.epoch();
    await inSchema(url, (sql) => sql`update session_graph_version set version = 1000`);
    const { store } = openStore(url);
    await expect(store.epoch()).rejects.toThrow('have version 1000, of a newer server');
    await inSchema(url, (sql) => sql`update session_graph_version set version = 1`);
    await store.epoch();
  });

  test('that is away at the start is asked again until it is there', async () => {
    const url = await freshUrl();
    await server.kill();
    const { store, told } = openStore(url);
    await expect(store.epoch()).rejects.toThrow('cannot be reached (ECONNREFUSED)');
    const waiting = store.lead('a', never);
    await vi.waitFor(() => expect(told).toHaveLength(1), patience);
    await server.start();
    expect(await (await waiting).write([entryOf('k1')], 1, markOf(0))).toBe(1);
    await vi.waitFor(async () => expect(await store.count(selectionOf({ a: {} }))).toBe(1), patience);
    await vi.waitFor(() => expect(told).toEqual(['lost: ECONNREFUSED', 'back']), patience);
  });

  test('that goes away and comes back keeps what was there', async () => {
    const { store } = openStore(await freshUrl());
    const heard: string[] = [];
    store.watch((sourceId) => heard.push(sourceId));
    const writer = await store.lead('a', never);
    await writer.write([entryOf('k1')], 1, markOf(0));
    const epoch = await store.epoch();
    await server.kill();
    await vi.waitFor(() => expect(writer.lost.aborted).toBe(true), patience);
    await expect(store.states()).rejects.toThrow(CatalogStoreError);
    await server.start();
    heard.length = 0;
    const again = await store.lead('a', never);
    expect((await again.state()).version).toBe(1);
    await vi.waitFor(async () => expect(await store.epoch()).toBe(epoch), patience);
    await vi.waitFor(() => expect(heard).toContain('a'), patience);
  });

  test('that cannot be heard any more is an error of each call, and the lead is lost', async () => {
    const gate = await startGate(server.port);
    const { store } = openStore((await freshUrl()).replace(`:${server.port}/`, `:${gate.port}/`));
    const writer = await store.lead('a', never);
    await writer.write([entryOf('k1')], 1, markOf(0));
    gate.cut();
    const calls = [store.epoch(), store.count(selectionOf({ a: {} })), writer.mark(markOf(1))];
    await Promise.all(calls.map((call) => expect(call).rejects.toThrow(CatalogStoreError)));
    expect(writer.lost.aborted).toBe(true);
    await expect(store.states()).rejects.toThrow(CatalogStoreError);
    gate.mend();
    const again = await store.lead('a', never);
    expect(await again.state()).toEqual({ version: 1, sessions: 1, mark: markOf(0) });
  });

  test('says nothing of its address and password', async () => {
    const wrong = server.urlOf({ password: 'not the password' });
    const { store, told } = openStore(wrong);
    const error = await store.epoch().catch((thrown: unknown) => thrown);
    expect(error).toEqual(new CatalogStoreError('28P01', 'The database of the catalog cannot be reached (28P01).'));
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('not the password');
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('127.0.0.1');
    expect(told).toEqual(['lost: 28P01']);
  });

  test('in which no extension may be made is searched all the same, and that is said', async () => {
    const schema = await freshUrl();
    await inSchema(schema, async (sql) => {
      await sql`drop extension if exists pg_trgm cascade`;
      await sql`drop role if exists plain`;
      await sql`create role plain login password ${sql.unsafe(`'plain'`)}`;
      await sql`grant usage, create on schema ${sql(schemaOf(schema))} to plain`;
    });
    const { store, told } = openStore(server.urlOf({ user: 'plain', password: 'plain', schema: schemaOf(schema) }));
    const writer = await store.lead('a', never);
    await writer.write([entryOf('k1', { title: 'Found' }), entryOf('k2')], 1, markOf(0));
    expect(await store.count(selectionOf({ a: {} }, 'oun'))).toBe(1);
    await vi.waitFor(() => expect(told).toEqual(['unindexed: 42501']), patience);
  });
});
