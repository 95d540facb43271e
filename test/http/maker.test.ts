import { expect, test } from 'vitest';
import type { Order } from '../../src/domain/make.ts';
import { createKeptAnswers } from '../../src/http/kept-answers.ts';
import { createMaker, type Giving } from '../../src/http/maker.ts';
import { createMakings } from '../../src/http/makings.ts';
import { createReads, type KeptRead, type Reads } from '../../src/http/reads.ts';

/** What a source has answered a moment ago, by name. */
type Answers = Map<string, Pick<KeptRead, 'serial' | 'value' | 'bytes'>>;

const answer = (serial: number) => ({ serial, value: {}, bytes: 100 });

interface Operation {
  /** What was made, in order. */
  readonly makes: string[];
  make(name: string, reads: readonly string[], more?: Partial<Order<object>>): Promise<object>;
}

function world() {
  const memory = createKeptAnswers(1_000_000, () => 0);
  const makings = createMakings();
  const answers: Answers = new Map([
    ['list', answer(1)],
    ['agents', answer(2)],
  ]);

  function operation({ scope = 'scope', user = 'alice', selection = 'same', mayGive = true } = {}): Operation {
    const reads = createReads();
    const makes: string[] = [];
    const make = createMaker({ memory, makings, selection: () => selection, upstreamOf: () => giving(reads) });
    return {
      makes,
      make: (name, wanted, more = {}) =>
        make<object>({
          sourceIds: ['source'],
          name,
          async make() {
            makes.push(name);
            for (const each of wanted) read(reads, each);
            return {};
          },
          toLasting: (made) => ({ made, rows: 1 }),
          ...more,
        }),
    };

    function giving(own: Reads): Giving {
      return {
        user,
        scopeKey: () => scope,
        mayGive: () => mayGive,
        wouldGive: (kept) => kept.every(({ name, serial }) => answers.get(name)?.serial === serial && !own.has(name)),
        noteGiven: () => {},
        allKept: own.allKept,
      };
    }
  }

  function read(reads: Reads, name: string): void {
    const known = answers.get(name);
    if (known === undefined) reads.noteAsked(name);
    else reads.noteKept({ name, kind: 'sessions', target: `/${name}`, ...known });
  }

  return { memory, answers, operation };
}

test('what was made of an answer is given again to the next operation', async () => {
  const { operation } = world();
  const made = await operation().make('page', ['list']);
  const next = operation();
  expect(await next.make('page', ['list'])).toBe(made);
  expect(next.makes).toEqual([]);
});

test.each([
  ['another user', { user: 'bob' }],
  ['the same user with another credential', { scope: 'another' }],
  ['an operation that selects something else', { selection: 'another' }],
  ['an operation that wants nothing that was kept', { mayGive: false }],
])('it is not given to %s', async (_whom, settings) => {
  const { operation } = world();
  await operation().make('page', ['list']);
  const next = operation(settings);
  await next.make('page', ['list']);
  expect(next.makes).toEqual(['page']);
});

test('it is not given under another name', async () => {
  const { operation } = world();
  await operation().make('page', ['list']);
  const next = operation();
  await next.make('next page', ['list']);
  expect(next.makes).toEqual(['next page']);
});

test('it is not given when any answer is no longer the one it was made of', async () => {
  const { answers, operation } = world();
  await operation().make('page', ['agents', 'list']);
  answers.set('list', answer(3));
  const next = operation();
  await next.make('page', ['agents', 'list']);
  expect(next.makes).toEqual(['page']);
});

test('it is made of everything that was read before it, too', async () => {
  const { answers, operation } = world();
  const first = operation();
  await first.make('agents', ['agents']);
  await first.make('page', ['list']);
  answers.set('agents', answer(3));
  const next = operation();
  await next.make('page', ['list']);
  expect(next.makes).toEqual(['page']);
});

test('nothing is kept of an operation that had to ask', async () => {
  const { memory, operation } = world();
  await operation().make('page', ['list', 'not known']);
  expect(memory.bytes()).toBe(0);
  const next = operation();
  await next.make('page', ['list']);
  expect(next.makes).toEqual(['page']);
});

test('nothing is kept of what failed in part', async () => {
  const { memory, operation } = world();
  await operation().make('page', ['list'], { toLasting: () => null });
  expect(memory.bytes()).toBe(0);
  const next = operation();
  await next.make('page', ['list']);
  expect(next.makes).toEqual(['page']);
});

test('nothing is kept of what cannot be made', async () => {
  const { memory, operation } = world();
  const failing = operation().make('page', ['list'], { make: () => Promise.reject(new Error('The caller is gone.')) });
  await expect(failing).rejects.toThrow('The caller is gone.');
  expect(memory.bytes()).toBe(0);
});

test('others are given what outlives the operation, and not what it has made for itself', async () => {
  const { operation } = world();
  const lasting = {};
  const made = await operation().make('page', ['list'], { toLasting: () => ({ made: lasting, rows: 1 }) });
  expect(made).not.toBe(lasting);
  expect(await operation().make('page', ['list'])).toBe(lasting);
});

test('what is made of no source is made each time', async () => {
  const { memory, operation } = world();
  await operation().make('page', [], { sourceIds: [] });
  const next = operation();
  await next.make('page', [], { sourceIds: [] });
  expect(next.makes).toEqual(['page']);
  expect(memory.bytes()).toBe(0);
});

test('it is counted with as much of its answers as it may hold, and with its name', async () => {
  const { answers, operation, memory } = world();
  answers.set('list', { serial: 1, value: { data: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] }, bytes: 10_000 });
  answers.set('agent', { serial: 2, value: { id: 'one' }, bytes: 700 });
  const sizeOf = async (name: string, reads: readonly string[], rows: number) => {
    const before = memory.bytes();
    await operation().make(name, reads, { toLasting: (made) => ({ made, rows }) });
    return memory.bytes() - before;
  };
  const [two, four] = [await sizeOf('a', ['list'], 2), await sizeOf('b', ['list'], 4)];
  // Two rows more, each of 1,000 bytes and in an edge.
  expect(four - two).toBe(2 * 1_000 + 2 * 1_024);
  expect((await sizeOf('c', ['list', 'agent'], 2)) - two).toBe(700 + 256 + 'agent'.length + '/agent'.length);
  expect((await sizeOf('d'.repeat(5_001), ['list'], 2)) - two).toBe(5_000);
});

test('an operation that has read something itself reads it again', async () => {
  const { operation } = world();
  await operation().make('page', ['list']);
  const next = operation();
  await next.make('agents', ['list']);
  await next.make('page', ['list']);
  expect(next.makes).toEqual(['agents', 'page']);
});

test('before anything else is made, what was given is made too, once', async () => {
  const { operation } = world();
  await operation().make('page', ['list']);
  const next = operation();
  await next.make('page', ['list']);
  await next.make('page', ['list']);
  await next.make('agents', ['agents']);
  await next.make('teams', ['agents']);
  expect(next.makes).toEqual(['page', 'agents', 'teams']);
});

test('what was given in the meantime is made, too, and waited for together with what was given before', async () => {
  const { operation } = world();
  await operation().make('page', ['list']);
  await operation().make('agents', ['agents']);
  const order: string[] = [];
  let endPage = () => {};
  const pageCanEnd = new Promise<void>((resolve) => {
    endPage = resolve;
  });
  const noting = (name: string, before: Promise<void>) => ({
    async make() {
      await before;
      order.push(name);
      return {};
    },
  });
  const other = operation();
  await other.make('page', ['list'], noting('page', pageCanEnd));
  const teams = other.make('teams', ['list'], noting('teams', Promise.resolve()));
  await other.make('agents', ['agents'], noting('agents', Promise.resolve()));
  const workflows = other.make('workflows', ['list'], noting('workflows', Promise.resolve()));
  for (let tick = 0; tick < 100; tick += 1) await null;
  expect(order).toEqual(['agents']);
  endPage();
  await Promise.all([teams, workflows]);
  expect(order.slice(0, 2)).toEqual(['agents', 'page']);
  expect(order.slice(2).toSorted()).toEqual(['teams', 'workflows']);
});

test('whatever is made at the same time waits until what was given is made', async () => {
  const { operation } = world();
  await operation().make('page', ['list']);
  const order: string[] = [];
  const noting = (name: string, ticks: number) => ({
    async make() {
      for (let tick = 0; tick < ticks; tick += 1) await null;
      order.push(name);
      return {};
    },
  });
  const other = operation();
  await other.make('page', ['list'], noting('page', 50));
  await Promise.all([
    other.make('agents', ['agents'], noting('agents', 0)),
    other.make('teams', ['agents'], noting('teams', 0)),
  ]);
  expect(order).toEqual(['page', 'agents', 'teams']);
});
