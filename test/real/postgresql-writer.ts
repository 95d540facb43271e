/** `postgresql-writer.ts <url> <how>`: a process that writes of the source `a` until it is ended from outside. */
import { setInterval } from 'node:timers';
import { loadPostgres } from '../../src/catalog/postgres/driver.ts';
import { openPostgresStore } from '../../src/catalog/postgres/open-postgres-store.ts';
import { entryOf, markOf } from '../catalog/entries.ts';

const connect = loadPostgres();
const [url] = process.argv.slice(2);
if (connect === null || url === undefined) throw new Error('It needs a URL, and the package `postgres`.');
const report = { postgresLost: () => {}, postgresBack: () => {}, searchUnindexed: () => {} };
const store = openPostgresStore({ url, connect, report });
const writer = await store.lead('a', new AbortController().signal);
const keys = Array.from({ length: 1_000 }, (_, index) => `k${index}`);
await writer.write(
  keys.map((key) => entryOf(key)),
  1,
  markOf(0),
);
await writer.finishSweep(1, markOf(1));
console.log('swept 1');
const changed = keys.map((key) => entryOf(key, { status: 'RUNNING' }));
await writer.write(changed.slice(0, 500), 2, markOf(1));
console.log('half of 2');
await writer.write(changed.slice(500, 900), 2, markOf(1));
setInterval(() => {}, 1_000);
