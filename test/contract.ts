import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Connection } from '../src/connections/connection.ts';
import type { SessionFilterInput } from '../src/connections/session-filter.ts';
import type { UpstreamCode } from '../src/domain/errors.ts';
import type { FilterName } from '../src/domain/filter.ts';
import { instantFromSeconds } from '../src/domain/instant.ts';
import type { EntityRef, SessionRecord } from '../src/domain/records.ts';
import { toNodeId } from '../src/entities/node-id.ts';
import type { PageArguments } from '../src/pagination/arguments.ts';
import type { Capabilities } from '../src/providers/source.ts';
import { sessionConnection } from '../src/resolvers/query/sessions.ts';
import { createHarness, type Harness, type HarnessSource } from './harness.ts';
import type { Fault, RecordedRequest } from './sandbox-controls/faults.ts';

/** A platform that the contract can be checked against: one of the sandbox, or a real server. */
export interface Subject {
  readonly source: HarnessSource;
  /** How many sessions a caller may see. */
  readonly sessions: number;
  /** Null for a real server, which neither tells what it was asked nor fails on command. */
  readonly control: SubjectControl | null;
  close(): Promise<void>;
}

export interface SubjectControl {
  readonly requests: readonly RecordedRequest[];
  clearRequests(): void;
  fail(fault: Fault): () => void;
}

export interface ContractOptions {
  readonly name: string;
  /** A platform with about so many sessions. */
  start(sessions: number): Promise<Subject>;
  /** A well-formed key that names nothing, and one whose last part is hostile. */
  readonly keys: { readonly unknown: string; readonly hostile: (part: string) => string };
}

const isWhole = process.env.TEST_FULL !== undefined;

export const secret = 'secret-credential-6f1c';
const upstreamText = 'upstream-words-that-must-not-leak';

export function describeContract(options: ContractOptions): void {
  describe(`contract of ${options.name}`, () => {
    let subject: Subject;
    let harness: Harness;

    beforeAll(async () => {
      subject = await options.start(45);
      harness = createHarness([subject.source]);
    });

    afterAll(async () => {
      await harness.close();
      await subject.close();
    });

    const ask = (page: PageArguments) => sessionConnection(page, {}, harness.operation());

    function declared(): Capabilities {
      const source = harness.operation().sources.get(subject.source.id);
      if (source === undefined) throw new Error('The source is not there.');
      return source.capabilities;
    }

    test('an empty platform is an empty, complete list', async () => {
      const empty = await options.start(0);
      const own = createHarness([empty.source]);
      const connection = await sessionConnection({ first: 5 }, {}, own.operation());
      await own.close();
      await empty.close();
      expect(connection.edges).toEqual([]);
      expect(await infoOf(connection)).toEqual({ next: false, previous: false, start: null, end: null });
      expect(connection.outcomes.map((outcome) => outcome.status)).toEqual(['COMPLETE']);
    });

    test('a single session is a page of its own', async () => {
      const single = await options.start(1);
      const own = createHarness([single.source]);
      const connection = await sessionConnection({ first: 5 }, {}, own.operation());
      await own.close();
      await single.close();
      expect(connection.edges).toHaveLength(1);
      const cursor = connection.edges[0]?.cursor();
      expect(await infoOf(connection)).toEqual({ next: false, previous: false, start: cursor, end: cursor });
    });

    test('walks every session once, newest first, forward and back, in any steps', async () => {
      const all = await walk(ask, 'forward', () => 100);
      expect(all).toHaveLength(subject.sessions);
      expect(new Set(all).size).toBe(all.length);
      for (const size of isWhole ? [1, 4, 7, all.length, all.length + 1] : [7, all.length]) {
        expect(await walk(ask, 'forward', () => size), `first: ${size}`).toEqual(all);
        expect(await walk(ask, 'backward', () => size), `last: ${size}`).toEqual(all.toReversed());
      }
      const changing = [3, 11, 1, 20, 2];
      expect(await walk(ask, 'forward', (page) => changing[page % changing.length] ?? 1)).toEqual(all);
      expect(await walk(ask, 'backward', (page) => changing[page % changing.length] ?? 1)).toEqual(all.toReversed());
    });

    test('keeps the order of time, unknown times last', async () => {
      const { edges } = await ask({ first: 100 });
      const times = edges.map(({ node }) => node.createdAt?.micros ?? Number.NEGATIVE_INFINITY);
      expect(times).toEqual(times.toSorted((left, right) => right - left));
    });

    test('pages back from the middle to the rows before it', async () => {
      const whole = await ask({ first: 100 });
      const middle = Math.floor(whole.edges.length / 2);
      const before = whole.edges[middle]?.cursor() ?? '';
      const page = await ask({ last: 5, before });
      expect(keysOf(page)).toEqual(keysOf(whole).slice(middle - 5, middle));
      expect(await infoOf(page)).toMatchObject({ next: true, previous: true });
    });

    test('past the end there is nothing, and something behind', async () => {
      const whole = await ask({ first: 100 });
      const page = await ask({ first: 5, after: whole.pageInfo.endCursor() ?? '' });
      expect(page.edges).toEqual([]);
      expect(await infoOf(page)).toMatchObject({ next: false, previous: true });
    });

    test('counts exactly or not at all', async () => {
      const totalCount = await (await ask({ first: 1 })).totalCount();
      expect([null, subject.sessions]).toContain(totalCount);
      const source = harness.operation().sources.get(subject.source.id);
      expect(totalCount !== null).toBe(source?.capabilities.total);
    });

    test('shows further pages without a request where it declares that its lists come whole', async () => {
      const { control } = subject;
      if (control === null) return;
      const context = harness.operation();
      const first = await sessionConnection({ first: 5 }, {}, context);
      expect(first.edges).toHaveLength(5);
      control.clearRequests();
      const others = await sessionConnection({ first: 50, after: first.pageInfo.endCursor() }, {}, context);
      expect(others.edges).toHaveLength(subject.sessions - 5);
      expect(control.requests.length === 0).toBe(declared().listsWhole);
    });

    test('has the kinds and states that it declares, and no others', async () => {
      const { edges } = await ask({ first: 100 });
      const { kinds, statuses } = declared();
      expect(kinds).toEqual(expect.arrayContaining(edges.map(({ node }) => node.kind)));
      expect(statuses).toEqual(expect.arrayContaining(edges.map(({ node }) => node.status)));
    });

    test('orders as it declares', async () => {
      const all = keysOf(await ask({ first: 100 }));
      expect(declared().orders).toContain('createdAt');
      if (!declared().orders.includes('updatedAt')) return;
      const orderBy = { field: 'UPDATED_AT', direction: 'ASC' } as const;
      const page = await sessionConnection({ first: 100, orderBy }, {}, harness.operation());
      expect(page.outcomes).toMatchObject([{ status: 'COMPLETE' }]);
      const times = page.edges.map(({ node }) => activityOf(node) ?? Number.NEGATIVE_INFINITY);
      expect(times).toEqual(times.toSorted((left, right) => left - right));
      expect(keysOf(page).toSorted()).toEqual(all.toSorted());
    });

    test.each(filterProbes)('answers the filter of $name as it declares', async ({ name, has, filterBy }) => {
      const { edges } = await ask({ first: 100 });
      const context = harness.operation();
      const rows = await Promise.all(
        edges.map(async ({ node }) => (node.complete ? node : ((await context.loaders.session.load(node)) ?? node))),
      );
      const told = rows.flatMap((row) => (has(row) === null ? [] : [row]));
      if (declared().filters[name] === 'never') return expect(told).toEqual([]);
      // One that some rows have and others do not, where there is one.
      const wanted = told.find((row) => rows.some((other) => has(other) !== has(row))) ?? told[0];
      if (wanted === undefined) return;
      const page = await sessionConnection({ first: 100, filter: filterBy(wanted) }, {}, harness.operation());
      expect(page.outcomes).toMatchObject([{ status: 'COMPLETE' }]);
      expect(keysOf(page)).toEqual(rows.filter((row) => has(row) === has(wanted)).map(({ key }) => key));
    });

    test('every listed session is found again by its key, and an unknown one is null', async () => {
      const { edges } = await ask({ first: 100 });
      const context = harness.operation();
      const refs = edges.map(({ node }): EntityRef => ({ sourceId: node.sourceId, key: node.key }));
      const found = await Promise.all(refs.map((ref) => context.loaders.session.load(ref)));
      for (const [index, answer] of found.entries()) {
        const listed = edges[index]?.node;
        if (answer === null) {
          expect(declared().listsDeleted).toBe(true);
          expect(listed?.status).toBe('ENDED');
        } else expect(common(answer)).toEqual(listed === undefined ? null : common(listed));
      }
      const unknown = { sourceId: subject.source.id, key: options.keys.unknown };
      expect(await context.loaders.session.load(unknown)).toBeNull();
    });

    test('the agent of every session is found, or null when it is gone', async () => {
      const { edges } = await ask({ first: 100 });
      const context = harness.operation();
      const refs = edges.flatMap(({ node }) =>
        node.agentKey === null ? [] : [{ sourceId: node.sourceId, key: node.agentKey }],
      );
      const agents = await Promise.all(refs.map((ref) => context.loaders.agent.load(ref)));
      for (const [index, agent] of agents.entries()) {
        if (agent !== null) expect(agent.key).toBe(refs[index]?.key);
      }
    });

    test('keys of any characters reach the platform as one segment, or not at all', async () => {
      const hostile = ['../../admin', 'a/b', '..', '.', 'a?b=c', '%2e%2e', '#', 'é 漢字', 'a;b', '\u0000', '\ud800'];
      for (const part of hostile) {
        const context = harness.operation();
        subject.control?.clearRequests();
        const ref = { sourceId: subject.source.id, key: options.keys.hostile(part) };
        const answer = await context.loaders.session.load(ref).catch((cause: unknown) => cause);
        if (answer !== null) expect(answer, part).toMatchObject({ code: 'UPSTREAM_UNSAFE_ID' });
        for (const { url } of subject.control?.requests ?? []) {
          const segments = url.split('?')[0]?.split('/') ?? [];
          expect(
            segments.map((segment) => segment.toLowerCase().replaceAll('%2e', '.')),
            url,
          ).not.toContain('..');
          expect(segments, url).not.toContain('admin');
        }
      }
    });

    test('keys that are no keys of this source are null without a request', async () => {
      const context = harness.operation();
      subject.control?.clearRequests();
      for (const key of ['', '/', '//', 'x/y/z/w', '%', '%zz', 'a//b']) {
        expect(await context.loaders.session.load({ sourceId: subject.source.id, key }), key).toBeNull();
        expect(await context.loaders.agent.load({ sourceId: subject.source.id, key: `${key}//` }), key).toBeNull();
      }
      expect(subject.control?.requests.map(({ url }) => url) ?? []).toEqual([]);
    });

    test('a key asked for twice costs one request', async () => {
      if (subject.control === null) return;
      const { edges } = await ask({ first: 1 });
      const node = edges[0]?.node;
      if (node === undefined) throw new Error('There is no session.');
      const requests: number[] = [];
      for (const times of [1, 3]) {
        const context = harness.operation();
        subject.control.clearRequests();
        await Promise.all(Array.from({ length: times }, () => context.loaders.session.load(node)));
        await context.loaders.session.load(node);
        requests.push(subject.control.requests.length);
      }
      expect(requests[1]).toBe(requests[0]);
    });

    const faults: readonly (readonly [string, Fault, UpstreamCode])[] = [
      ['401', { kind: 'status', status: 401 }, 'UPSTREAM_UNAUTHENTICATED'],
      ['403', { kind: 'status', status: 403 }, 'UPSTREAM_FORBIDDEN'],
      ['422', { kind: 'status', status: 422 }, 'UPSTREAM_REJECTED'],
      ['429', { kind: 'status', status: 429 }, 'UPSTREAM_RATE_LIMITED'],
      ['500', { kind: 'status', status: 500 }, 'UPSTREAM_UNAVAILABLE'],
      ['HTML instead of JSON', { kind: 'html', status: 200 }, 'UPSTREAM_BAD_RESPONSE'],
      ['JSON of another shape', { kind: 'other-shape' }, 'UPSTREAM_BAD_RESPONSE'],
      ['a truncated body', { kind: 'truncated-json' }, 'UPSTREAM_BAD_RESPONSE'],
      ['a reset connection', { kind: 'reset' }, 'UPSTREAM_UNAVAILABLE'],
      ['no answer', { kind: 'black-hole' }, 'UPSTREAM_TIMEOUT'],
    ];

    test.each(faults)(
      '%s is reported as its code, without secrets or words of the platform',
      async (_name, fault, code) => {
        const failing = await options.start(3);
        if (failing.control === null) return failing.close();
        const attemptTimeoutMs = fault.kind === 'black-hole' ? 150 : 900_000;
        const limits = { attemptTimeoutMs, retries: 1, backoffBaseMs: 1, backoffMaxMs: 2 };
        const own = createHarness([{ ...failing.source, limits }]);
        failing.control.fail({
          ...fault,
          ...(fault.kind === 'status' ? { body: `{"detail":"${upstreamText}"}` } : {}),
        });
        const error: unknown = await sessionConnection({ first: 5 }, {}, own.operation()).catch(
          (cause: unknown) => cause,
        );
        await own.close();
        await failing.close();
        expect(error).toMatchObject({ code, sourceId: failing.source.id });
        const message = error instanceof Error ? error.message : '';
        expect(message).toMatch(/^Source "[\w-]+" .+\.$/);
        for (const leak of [upstreamText, secret, '127.0.0.1', 'html', 'http']) expect(message).not.toContain(leak);
      },
    );
  });
}

interface FilterProbe {
  readonly name: FilterName;
  /** What the filter looks at, as a text; null when the row has nothing of the kind. */
  readonly has: (row: SessionRecord) => string | null;
  /** The filter that only rows with the same pass. */
  readonly filterBy: (row: SessionRecord) => SessionFilterInput;
}

const second = 1_000_000;

function activityOf({ updatedAt, createdAt }: SessionRecord): number | null {
  return (updatedAt ?? createdAt)?.micros ?? null;
}

function secondOf(micros: number | null): string | null {
  return micros === null ? null : String(Math.floor(micros / second));
}

function secondFrom(micros: number | null) {
  const start = Math.floor((micros ?? 0) / second);
  return { from: instantFromSeconds(start), until: instantFromSeconds(start + 1) };
}

const filterProbes: readonly FilterProbe[] = [
  { name: 'nativeIds', has: ({ nativeId }) => nativeId, filterBy: ({ nativeId }) => ({ nativeIds: [nativeId] }) },
  { name: 'kinds', has: ({ kind }) => kind, filterBy: ({ kind }) => ({ kinds: [kind] }) },
  { name: 'statuses', has: ({ status }) => status, filterBy: ({ status }) => ({ statuses: [status] }) },
  {
    name: 'agentKeys',
    has: ({ agentKey }) => agentKey,
    filterBy: ({ sourceId, agentKey }) => ({ agents: [toNodeId('agent', { sourceId, key: agentKey ?? '' })] }),
  },
  {
    name: 'teamKeys',
    has: ({ teamKey }) => teamKey,
    filterBy: ({ sourceId, teamKey }) => ({ teams: [toNodeId('team', { sourceId, key: teamKey ?? '' })] }),
  },
  { name: 'userIds', has: ({ userId }) => userId, filterBy: ({ userId }) => ({ users: [userId ?? ''] }) },
  {
    name: 'createdAt',
    has: ({ createdAt }) => secondOf(createdAt?.micros ?? null),
    filterBy: ({ createdAt }) => ({ createdAt: secondFrom(createdAt?.micros ?? null) }),
  },
  {
    name: 'updatedAt',
    has: (row) => secondOf(activityOf(row)),
    filterBy: (row) => ({ updatedAt: secondFrom(activityOf(row)) }),
  },
];

async function walk(
  ask: (page: PageArguments) => Promise<Connection<SessionRecord>>,
  direction: 'forward' | 'backward',
  sizeOf: (page: number) => number,
): Promise<string[]> {
  const keys: string[] = [];
  let cursor: string | null = null;
  for (let turn = 0; ; turn += 1) {
    if (turn > 2000) throw new Error('The walk does not end.');
    const size = Math.min(100, sizeOf(turn));
    const page: Connection<SessionRecord> = await ask(
      direction === 'forward' ? { first: size, after: cursor } : { last: size, before: cursor },
    );
    expect(page.outcomes.map((outcome) => outcome.status)).toEqual(['COMPLETE']);
    expect(page.edges.length).toBeLessThanOrEqual(size);
    keys.push(...(direction === 'forward' ? keysOf(page) : keysOf(page).toReversed()));
    const info = await infoOf(page);
    expect(direction === 'forward' ? info.previous : info.next).toBe(turn > 0);
    cursor = direction === 'forward' ? info.end : info.start;
    if (!(direction === 'forward' ? info.next : info.previous)) return keys;
  }
}

function keysOf(connection: Connection<SessionRecord>): string[] {
  return connection.edges.map(({ node }) => node.key);
}

async function infoOf({ pageInfo }: Connection<SessionRecord>) {
  return {
    next: await pageInfo.hasNextPage(),
    previous: await pageInfo.hasPreviousPage(),
    start: pageInfo.startCursor(),
    end: pageInfo.endCursor(),
  };
}

/** What a session says of itself wherever it is read; lists and lookups may each leave out the rest. */
function common({ key, nativeId, kind, createdAt, nativeStatus }: SessionRecord) {
  return { key, nativeId, kind, createdAt: createdAt?.micros ?? null, nativeStatus };
}
