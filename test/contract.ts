import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { UpstreamCode } from '../src/domain/errors.ts';
import type { EntityRef, SessionRecord } from '../src/domain/records.ts';
import type { PageArguments } from '../src/pagination/arguments.ts';
import type { Connection } from '../src/resolvers/connection.ts';
import { sessionConnection } from '../src/resolvers/query/sessions.ts';
import type { Fault, RecordedRequest } from '../src/sandbox/platform.ts';
import { createHarness, type Harness, type HarnessSource } from './harness.ts';

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
      for (const size of [1, 4, 7, all.length, all.length + 1]) {
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
      const { totalCount } = await ask({ first: 1 });
      expect([null, subject.sessions]).toContain(totalCount);
      const source = harness.operation().sources.get(subject.source.id);
      expect(totalCount !== null).toBe(source?.capabilities.total);
    });

    test('every listed session is found again by its key, and an unknown one is null', async () => {
      const { edges } = await ask({ first: 100 });
      const context = harness.operation();
      const refs = edges.map(({ node }): EntityRef => ({ sourceId: node.sourceId, key: node.key }));
      const found = await context.loaders.session.loadMany(refs);
      for (const [index, answer] of found.entries()) {
        const listed = edges[index]?.node;
        if (answer instanceof Error) throw answer;
        // Platforms keep rows of deleted sessions in their lists and deny them alone.
        if (answer === null) expect(listed?.status).toBe('ENDED');
        else expect(common(answer)).toEqual(listed === undefined ? null : common(listed));
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
      const agents = await context.loaders.agent.loadMany(refs);
      expect(agents.filter((agent) => agent instanceof Error)).toEqual([]);
      for (const [index, agent] of agents.entries()) {
        if (agent !== null && !(agent instanceof Error)) expect(agent.key).toBe(refs[index]?.key);
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
      '%s is told as its code, without secrets or words of the platform',
      async (_name, fault, code) => {
        const failing = await options.start(3);
        if (failing.control === null) return failing.close();
        const limits = { attemptTimeoutMs: 150, retries: 1, backoffBaseMs: 1, backoffMaxMs: 2 };
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

/** What a session says of itself wherever it is read; single sessions may tell more, or less of what lists preview. */
function common({ key, nativeId, kind, createdAt, nativeStatus }: SessionRecord) {
  return { key, nativeId, kind, createdAt: createdAt?.micros ?? null, nativeStatus };
}
