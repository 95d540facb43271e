import { graphql } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createSchema } from '../../src/schema/schema.ts';
import { createHarness, type Harness } from '../harness.ts';
import { type RealServer, startRealServer, type World } from './real-server.ts';
import { chosenReleases, type Release } from './releases.ts';
import { createTwin, type Twin } from './seed.ts';
import { sourceOf } from './source-of.ts';
import {
  type Place,
  readAgentScopeMessages,
  readAgnoRuns,
  type Told,
  type ToldResult,
  toldByAgentScope,
  toldByAgno,
} from './told.ts';

const schema = createSchema();

const sessionsQuery = '{ sessions(first: 100) { nodes { id nativeId kind agent { nativeId } } } }';

interface SeenSession {
  readonly id: string;
  readonly nativeId: string;
  readonly kind: string;
  readonly agent: { readonly nativeId: string } | null;
}

const messagesQuery = `query Page($id: ID!, $first: Int, $after: String, $last: Int, $before: String) {
  session(id: $id) {
    messages(first: $first, after: $after, last: $last, before: $before) {
      totalCount
      outcome { status error { code } }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      nodes {
        id role text
        parts {
          __typename
          ... on ToolCallPart { toolCallId name result { text isError } }
          ... on ToolResultPart { toolCallId text isError }
        }
      }
    }
  }
}`;

interface SeenPart {
  readonly __typename: string;
  readonly toolCallId: string;
  readonly name: string;
  readonly result: Omit<ToldResult, 'id'> | null;
  readonly text: string | null;
  readonly isError: boolean;
}

interface SeenMessage {
  readonly id: string;
  readonly role: string;
  readonly text: string;
  readonly parts: readonly SeenPart[];
}

interface SeenPage {
  readonly totalCount: number | null;
  readonly outcome: object;
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
  readonly nodes: readonly SeenMessage[];
}

/** Long ones in larger pages: Agno sends the whole conversation for each. */
function pageSizeFor(messages: number): number {
  return messages > 100 ? 61 : 7;
}

for (const release of chosenReleases()) {
  describe(`conversations of ${release.name}`, () => {
    let server: RealServer;
    let world: World;
    let harness: Harness;
    let sessions: readonly SeenSession[];

    beforeAll(async () => {
      const twin = await createTwin(release, 80);
      server = await startRealServer(release);
      world = await server.open(twin.seed);
      harness = createHarness([sourceOf(release, world.url)]);
      const { sessions: seen } = await ask<{ readonly sessions: { readonly nodes: readonly SeenSession[] } }>(
        sessionsQuery,
      );
      sessions = seen.nodes;
      if (release.platform === 'agentscope') await storeMessages(twin);
      await twin.sandbox.close();
    });

    afterAll(async () => {
      await harness.close();
      await server.close();
    });

    async function storeMessages({ sandbox }: Twin): Promise<void> {
      const conversations = sessions.map(async (session) => ({
        user: 'alice',
        id: session.nativeId,
        messages: await readAgentScopeMessages(placeOf(session, sandbox.url), release),
      }));
      await world.tell(await Promise.all(conversations));
    }

    async function ask<Data>(source: string, variableValues: Readonly<Record<string, unknown>> = {}): Promise<Data> {
      const contextValue = harness.operation();
      const { data, errors } = await graphql({ schema, source, variableValues, contextValue });
      expect(errors).toBeUndefined();
      return data as unknown as Data;
    }

    async function page(id: string, window: Readonly<Record<string, unknown>>): Promise<SeenPage> {
      const data = await ask<{ readonly session: { readonly messages: SeenPage } }>(messagesQuery, { id, ...window });
      const { messages } = data.session;
      expect(messages.outcome).toEqual({ status: 'COMPLETE', error: null });
      return messages;
    }

    async function walkForward(id: string, size: number): Promise<readonly SeenMessage[]> {
      const seen: SeenMessage[] = [];
      for (let after: string | null = null; ; ) {
        const { nodes, pageInfo } = await page(id, { first: size, after });
        seen.push(...nodes);
        if (!pageInfo.hasNextPage) return seen;
        expect(nodes).toHaveLength(size);
        after = pageInfo.endCursor;
      }
    }

    async function walkBackward(id: string, size: number): Promise<readonly SeenMessage[]> {
      const seen: SeenMessage[] = [];
      for (let before: string | null = null; ; ) {
        const { nodes, pageInfo } = await page(id, { last: size, before });
        seen.unshift(...nodes);
        if (!pageInfo.hasPreviousPage) return seen;
        expect(nodes).toHaveLength(size);
        before = pageInfo.startCursor;
      }
    }

    if (release.platform === 'agno') {
      test('hold copies, steps, and runs that were replaced', async () => {
        const answers = await Promise.all(sessions.map((session) => readAgnoRuns(placeOf(session, world.url))));
        const runs = answers.flat();
        expect(runs.some(({ messages }) => messages?.some(({ from_history }) => from_history))).toBe(true);
        expect(
          runs.some(({ step_executor_runs }) => step_executor_runs?.some(({ messages }) => messages?.length)),
        ).toBe(true);
        // 2.3 does not say it of any.
        expect(runs.some(({ status }) => status === 'REGENERATED')).toBe(release.dialect !== '2.3');
      });
    }

    test('are told through the graph as the platform tells them, forward and back, in pages of 7 and of 61', async () => {
      expect(sessions.length).toBeGreaterThan(20);
      const all: Told[] = [];
      const lengths: number[] = [];
      for (const session of sessions) {
        const told = await toldByPlatform(placeOf(session, world.url), release);
        const size = pageSizeFor(told.length);
        const forward = await walkForward(session.id, size);
        expect(forward.map(toTold), session.nativeId).toEqual(told);
        expect(await walkBackward(session.id, size), session.nativeId).toEqual(forward);
        expect(new Set(forward.map(({ id }) => id)).size).toBe(told.length);
        const { totalCount } = await page(session.id, { first: 1 });
        expect([told.length, null]).toContain(totalCount);
        all.push(...told);
        lengths.push(told.length);
      }
      expectAllKinds(all, lengths);
    });
  });
}

async function toldByPlatform(place: Place, release: Release): Promise<readonly Told[]> {
  return release.platform === 'agno'
    ? toldByAgno(await readAgnoRuns(place))
    : toldByAgentScope(await readAgentScopeMessages(place, release));
}

function placeOf({ nativeId, kind, agent }: SeenSession, url: string): Place {
  return { url, sessionId: nativeId, agentId: agent?.nativeId ?? '', kind: kind.toLowerCase() };
}

function toTold({ role, text, parts }: SeenMessage): Told {
  return {
    role,
    text,
    calls: parts
      .filter(({ __typename }) => __typename === 'ToolCallPart')
      .map(({ toolCallId, name, result }) => ({
        id: toolCallId,
        name,
        result: result === null ? null : toAnswer(result),
      })),
    results: parts
      .filter(({ __typename }) => __typename === 'ToolResultPart')
      .map((part) => ({ id: part.toolCallId, ...toAnswer(part) })),
  };
}

function toAnswer({ text, isError }: { readonly text: string | null; readonly isError: boolean }) {
  return { text: text ?? '', isError };
}

/** Otherwise little is compared. */
function expectAllKinds(all: readonly Told[], lengths: readonly number[]): void {
  expect(lengths).toContain(0);
  expect(Math.max(...lengths)).toBeGreaterThan(300);
  const calls = all.flatMap((told) => told.calls);
  expect(calls.some(({ result }) => result?.isError === false)).toBe(true);
  expect(calls.some(({ result }) => result?.isError === true)).toBe(true);
  expect(calls.some(({ result }) => result === null)).toBe(true);
}
