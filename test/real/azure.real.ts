import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { OperationContext } from '../../src/context.ts';
import type { AgentRecord, SessionRecord } from '../../src/domain/records.ts';
import { toNodeId } from '../../src/entities/node-id.ts';
import { encodeKey } from '../../src/providers/key.ts';
import { sessionConnection } from '../../src/resolvers/query/sessions.ts';
import { secret } from '../contract.ts';
import { createHarness, type Harness } from '../harness.ts';
import { type RunningPlatform, startPlatform } from '../sandbox-controls/platform.ts';
import { readRun } from './run.ts';

interface SeenSession {
  readonly agent_session_id: string;
  readonly status: string;
  readonly version_indicator: { readonly agent_version: string };
  readonly created_at: string;
  readonly last_accessed_at: string;
}

interface SeenVersion {
  readonly version: string;
  readonly created_at: string;
  readonly description?: string;
}

interface Failure {
  readonly status: number | null;
  readonly code: string | null;
}

interface SeenAgent {
  readonly agent: { readonly name: string; readonly versions: { readonly latest: SeenVersion } };
  readonly descending: readonly SeenSession[];
  readonly ascending: readonly SeenSession[];
  readonly afterThird: readonly SeenSession[];
  readonly alone: readonly {
    readonly id: string;
    readonly found: SeenSession | null;
    readonly denied: Failure | null;
  }[];
  readonly versions: readonly SeenVersion[];
  readonly versionsAlone: readonly SeenVersion[];
}

interface Seen {
  readonly hosted: readonly string[];
  readonly prompt: readonly string[];
  readonly read: readonly SeenAgent[];
  readonly failures: Readonly<Record<string, Failure | null>>;
}

let platform: RunningPlatform;
let harness: Harness;
let seen: Seen;

beforeAll(async () => {
  const { tls } = readRun();
  platform = await startPlatform({
    platform: 'foundry',
    sessions: 90,
    agents: 6,
    credential: secret,
    tls: { key: readFileSync(tls.key, 'utf8'), cert: readFileSync(tls.certificate, 'utf8') },
  });
  harness = createHarness([
    { id: 'foundry', provider: 'foundry', url: platform.url, auth: { kind: 'bearer', token: secret } },
  ]);
  // Both trust the certificate by NODE_EXTRA_CA_CERTS, which Node reads when it starts.
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [join(import.meta.dirname, 'azure', 'read.mjs'), platform.url, secret],
    { maxBuffer: 64 * 1024 * 1024 },
  );
  seen = JSON.parse(stdout) as Seen;
});

afterAll(async () => {
  await harness.close();
  await platform.close();
});

async function listAgents(context: OperationContext): Promise<readonly AgentRecord[]> {
  return (await context.sources.get('foundry')?.listAgents()) ?? [];
}

async function listSessions(agent: string, direction: 'ASC' | 'DESC', after: string | null = null) {
  const filter = { agents: [toNodeId('agent', { sourceId: 'foundry', key: encodeKey(agent) })] };
  const orderBy = { field: 'CREATED_AT', direction } as const;
  const { edges } = await sessionConnection({ first: 100, after, filter, orderBy }, {}, harness.operation());
  return edges.map((edge) => ({ session: edge.node, cursor: edge.cursor() }));
}

/** Ties come in the order of their keys here, in any from the platform. */
function inOneOrder(ids: readonly string[]): readonly string[] {
  return ids.toSorted();
}

function micros(time: string): number {
  return Date.parse(time) * 1000;
}

function summary(session: SessionRecord | null) {
  return session === null
    ? null
    : {
        id: session.nativeId,
        status: session.nativeStatus,
        created: session.createdAt?.micros,
        updated: session.updatedAt?.micros,
      };
}

function seenSummary(session: SeenSession | null) {
  return session === null
    ? null
    : {
        id: session.agent_session_id,
        status: session.status,
        created: micros(session.created_at),
        updated: micros(session.last_accessed_at),
      };
}

test('sees the same hosted agents and their latest versions', async () => {
  const agents = await listAgents(harness.operation());
  expect(seen.hosted.length).toBeGreaterThan(2);
  expect(seen.prompt.length).toBeGreaterThan(0);
  expect(agents.map(({ nativeId }) => nativeId)).toEqual(seen.hosted.toReversed());
  for (const { agent } of seen.read) {
    const own = agents.find(({ nativeId }) => nativeId === agent.name);
    expect(own?.description ?? null).toBe(agent.versions.latest.description ?? null);
  }
});

test('lists the same sessions of each agent, in both orders', async () => {
  let count = 0;
  for (const { agent, descending, ascending } of seen.read) {
    const newest = await listSessions(agent.name, 'DESC');
    const oldest = await listSessions(agent.name, 'ASC');
    const byId = new Map(newest.map(({ session }) => [session.nativeId, summary(session)]));
    expect(descending.map(seenSummary)).toEqual(descending.map(({ agent_session_id: id }) => byId.get(id)));
    expect(newest.map(({ session }) => session.createdAt?.micros)).toEqual(
      descending.map((row) => micros(row.created_at)),
    );
    expect(oldest.map(({ session }) => session.createdAt?.micros)).toEqual(
      ascending.map((row) => micros(row.created_at)),
    );
    expect(inOneOrder(oldest.map(({ session }) => session.nativeId))).toEqual(
      inOneOrder(ascending.map(({ agent_session_id: id }) => id)),
    );
    count += descending.length;
  }
  expect(count).toBe(platform.sessionIds().length);
});

test('goes on after a session with the same ones', async () => {
  let compared = 0;
  for (const { agent, descending, afterThird } of seen.read) {
    const third = descending[2];
    const next = descending[3];
    // Within a tie the two orders may differ.
    if (third === undefined || next === undefined || third.created_at === next.created_at) continue;
    const newest = await listSessions(agent.name, 'DESC');
    const rest = await listSessions(agent.name, 'DESC', newest[2]?.cursor ?? null);
    expect(inOneOrder(rest.map(({ session }) => session.nativeId))).toEqual(
      inOneOrder(afterThird.map(({ agent_session_id: id }) => id)),
    );
    compared += 1;
  }
  expect(compared).toBeGreaterThan(0);
});

test('finds the same sessions alone, and is denied the same', async () => {
  const denied = new Set<string>();
  for (const { agent, alone } of seen.read) {
    const keys = alone.map(({ id }) => ({ sourceId: 'foundry', key: encodeKey(agent.name, id) }));
    const { loaders } = harness.operation();
    const found = await Promise.all(keys.map((key) => loaders.session.load(key)));
    expect(found.map(summary)).toEqual(alone.map((one) => seenSummary(one.found)));
    for (const one of alone) if (one.denied !== null) denied.add(`${one.denied.status} ${one.denied.code}`);
  }
  expect([...denied]).toEqual(['404 session_not_found']);
});

test('knows the same versions', async () => {
  for (const { agent, versions, versionsAlone } of seen.read) {
    expect(versionsAlone).toEqual(versions);
    const keys = versions.map(({ version }) => ({ sourceId: 'foundry', key: encodeKey(agent.name, version) }));
    const { loaders } = harness.operation();
    const found = await Promise.all(keys.map((key) => loaders.agentVersion.load(key)));
    expect(found.map((answer) => answer?.nativeId)).toEqual(versions.map(({ version }) => version));
  }
});

test('is refused in the words of the platform, which its client understands', () => {
  expect(seen.failures).toEqual({
    unknownSession: { status: 404, code: 'session_not_found' },
    unknownAgent: { status: 404, code: 'not_found' },
    unknownVersion: { status: 404, code: 'not_found' },
    sessionsOfUnknownAgent: { status: 404, code: 'not_found' },
    sessionsOfPromptAgent: { status: 400, code: 'invalid_request_error' },
    tooManyAtOnce: { status: 400, code: 'invalid_request_error' },
    afterNothing: { status: 400, code: 'invalid_request_error' },
    wrongToken: { status: 401, code: 'Unauthorized' },
  });
});
