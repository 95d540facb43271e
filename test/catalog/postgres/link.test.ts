import { expect, test } from 'vitest';
import { CatalogStoreError } from '../../../src/catalog/catalog-store-error.ts';
import type { ConnectPostgres, PostgresEvents } from '../../../src/catalog/postgres/driver.ts';
import { createOpenLink } from '../../../src/catalog/postgres/link.ts';
import { openPostgresStore } from '../../../src/catalog/postgres/open-postgres-store.ts';
import { sql } from '../../../src/catalog/postgres/sql.ts';

interface Connection {
  readonly asked: string[];
  readonly events: PostgresEvents;
  isClosed: boolean;
}

/** Connections that answer each statement as they are told to. */
function standIn(answer: (text: string, connection: Connection) => Promise<readonly unknown[]>) {
  const connections: Connection[] = [];
  const connect: ConnectPostgres = (_, events) => {
    const connection: Connection = { asked: [], events, isClosed: false };
    connections.push(connection);
    return {
      query(text) {
        connection.asked.push(text);
        return answer(text, connection);
      },
      close() {
        connection.isClosed = true;
      },
    };
  };
  return { connect, connections };
}

const never = () => new Promise<never>(() => {});

test('a statement that is not answered is refused, and its connection is not used again', async () => {
  const { connect, connections } = standIn(never);
  const link = createOpenLink(connect, 'postgres://')({ patienceMs: 5 });
  await expect(link.query(sql`select 1`)).rejects.toEqual(
    new CatalogStoreError('TIMEOUT', 'The database of the catalog cannot be reached (TIMEOUT).'),
  );
  await expect(link.query(sql`select 2`)).rejects.toThrow(CatalogStoreError);
  expect(connections).toEqual([expect.objectContaining({ asked: ['select 1'], isClosed: true })]);
});

test('what is asked when the connection is lost is refused, and so is what is asked later', async () => {
  const { connect, connections } = standIn(never);
  const link = createOpenLink(connect, 'postgres://')();
  const asked = link.query(sql`select 1`);
  connections[0]?.events.onClosed();
  await expect(asked).rejects.toThrow('(CONNECTION_CLOSED)');
  expect(link.lost.aborted).toBe(true);
  await expect(link.query(sql`select 2`)).rejects.toThrow('(CONNECTION_CLOSED)');
  expect(connections[0]?.asked).toEqual(['select 1']);
});

test('a transaction whose connection is lost is not gone on with on another', async () => {
  const { connect, connections } = standIn(async (text, { events }) => {
    if (text === 'select 1') events.onClosed();
    return [];
  });
  const link = createOpenLink(connect, 'postgres://')();
  const work = async () => {
    await link.query(sql`select 1`);
    return link.query(sql`select 2`);
  };
  await expect(link.transaction(work)).rejects.toThrow(CatalogStoreError);
  expect(connections.map(({ asked }) => asked)).toEqual([['begin', 'select 1']]);
});

test('a transaction that fails is rolled back, and the connection stays', async () => {
  const { connect, connections } = standIn(async (text) => {
    if (text === 'select 1')
      throw Object.assign(new Error('a value of somebody'), { code: '22P02', detail: 'a value' });
    return [];
  });
  const link = createOpenLink(connect, 'postgres://')();
  await expect(link.transaction(() => link.query(sql`select 1`))).rejects.toEqual(
    new CatalogStoreError('22P02', 'The database of the catalog failed (22P02).'),
  );
  expect(await link.transaction(async () => 'done')).toBe('done');
  expect(connections.map(({ asked }) => asked)).toEqual([['begin', 'select 1', 'rollback', 'begin', 'commit']]);
});

test('a store without a database says so once, makes nobody wait for the next attempt', async () => {
  const refusal = Object.assign(new Error('connect ECONNREFUSED 10.0.0.5:5432'), { code: 'ECONNREFUSED' });
  const { connect, connections } = standIn(() => Promise.reject(refusal));
  const told: string[] = [];
  const report = {
    postgresLost: (reason: string) => told.push(`lost: ${reason}`),
    postgresBack: () => told.push('back'),
    searchUnindexed: (reason: string) => told.push(`unindexed: ${reason}`),
  };
  const store = openPostgresStore({ url: 'postgres://', connect, report });
  expect(connections).toEqual([]);
  const message = 'The database of the catalog cannot be reached (ECONNREFUSED).';
  const asked = Array.from({ length: 20 }, () => store.epoch());
  for (const each of asked) await expect(each).rejects.toThrow(message);
  await expect(store.epoch()).rejects.toThrow(message);
  expect(connections).toHaveLength(1);
  expect(told).toEqual(['lost: ECONNREFUSED']);
  await store.close();
  await expect(store.epoch()).rejects.toThrow(CatalogStoreError);
});
