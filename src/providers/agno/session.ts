import { z } from 'zod';
import { UpstreamError } from '../../domain/errors.ts';
import type { SessionKind, SessionRecord } from '../../domain/records.ts';
import { encodeKey } from '../key.ts';
import * as sent from '../sent.ts';
import { complete, detail, float, json, type ObjectShape, objects } from '../shape.ts';
import * as wire from '../wire.ts';
import { toTimeUnlessZero, wireTime } from './instant.ts';
import { message } from './message.ts';

const eachAlone = 'In a list, this costs one request per session.';

/** A row of a list or a single session: both use the same names. */
const session = {
  session_id: wire.id,
  /** Sent only with a single session of an agent. */
  agent_session_id: wire.text,
  session_name: wire.text,
  session_type: wire.text,
  created_at: wireTime,
  updated_at: wireTime,
  user_id: wire.text,
  agent_id: complete(sent.reference('The id of the agent, even when the agent is gone.')),
  team_id: complete(sent.reference('The id of the team, even when the team is gone.')),
  workflow_id: complete(sent.reference('The id of the workflow, even when the workflow is gone.')),
  session_state: sent.json('The state of the session, free-form.'),
  session_summary: complete(sent.json('The summary of the session.')),
  metrics: wire.json,
  total_tokens: wire.number,
  metadata: complete(sent.json('Free-form data about the session.')),
  agent_data: detail(sent.json(`The agent as stored with the session. ${eachAlone}`)),
  team_data: detail(sent.json(`The team as stored with the session. ${eachAlone}`)),
  workflow_data: detail(sent.json(`The workflow as stored with the session. ${eachAlone}`)),
  workflow_name: detail(sent.text(`The name of the workflow as stored with the session. ${eachAlone}`)),
  session_data: detail(sent.json(`The data that the platform stores for a workflow session. ${eachAlone}`)),
  /** Always sent with a single session of an agent or team, never of a workflow. */
  chat_history: wire.nullable(z.array(message.schema)),
};

export const sessionRow = sent.schemaOf(session);

export const sessionPage = z.object({ data: z.array(sessionRow), meta: z.object({ total_count: z.number() }) });

export type SessionRow = z.infer<typeof sessionRow>;
export type SessionPage = z.infer<typeof sessionPage>;
export type AgnoSessionRecord = SessionRecord<SessionRow>;

/** What a list was asked for, each null for any. The rows of older servers say none of it themselves. */
export interface Listing {
  readonly sourceId: string;
  readonly kind: SessionKind | null;
  readonly componentId: string | null;
  readonly userId: string | null;
}

/** A row of a list. */
export function toSession(row: SessionRow, { sourceId, kind, componentId, userId }: Listing): AgnoSessionRecord {
  if (row.session_type !== null) return toSingleSession(row, toKind(row), sourceId);
  // Only a server of another version than the detected one mixes all types without naming them.
  if (kind === null) throw new UpstreamError(sourceId, 'UPSTREAM_BAD_RESPONSE');
  const ids = {
    user_id: row.user_id ?? userId,
    agent_id: kind === 'AGENT' ? componentId : null,
    team_id: kind === 'TEAM' ? componentId : null,
    workflow_id: kind === 'WORKFLOW' ? componentId : null,
  };
  return { ...toSingleSession({ ...row, ...ids }, kind, sourceId), complete: false };
}

/** A session whose row is complete. When it was read alone, the row lacks its kind. */
export function toSingleSession(row: SessionRow, kind: SessionKind, sourceId: string): AgnoSessionRecord {
  const createdAt = toTimeUnlessZero(row.created_at);
  return {
    sourceId,
    provider: 'agno',
    key: encodeKey(toType(kind), row.session_id),
    nativeId: row.session_id,
    kind,
    title: row.session_name,
    preview: null,
    // The platform keeps no status of a session, only of its runs.
    status: 'UNKNOWN',
    nativeStatus: null,
    createdAt,
    // Where no change was stored, a single session repeats its creation and a list has nothing.
    updatedAt: toTimeUnlessZero(row.updated_at) ?? createdAt,
    userId: row.user_id,
    agentKey: toKey(row.agent_id),
    teamKey: toKey(row.team_id),
    workflowKey: toKey(row.workflow_id),
    tags: [],
    complete: true,
    row,
  };
}

function toKey(componentId: string | null): string | null {
  return componentId === null ? null : encodeKey(componentId);
}

export function toType(kind: SessionKind): string {
  return kind.toLowerCase();
}

/** Null when there is no such type. */
export function fromType(type: string | null): SessionKind | null {
  switch (type) {
    case 'agent':
      return 'AGENT';
    case 'team':
      return 'TEAM';
    case 'workflow':
      return 'WORKFLOW';
    default:
      return null;
  }
}

/** The component of a session decides where its type is one of a later version. */
function toKind(row: SessionRow): SessionKind {
  const byComponent = row.workflow_id !== null ? 'WORKFLOW' : row.team_id !== null ? 'TEAM' : 'AGENT';
  return fromType(row.session_type) ?? byComponent;
}

/** The kind of a session that was read without its type: only the shape of the answer shows it. */
export function kindOfShape(row: SessionRow): SessionKind {
  if (row.agent_session_id !== null) return 'AGENT';
  return row.chat_history === null ? 'WORKFLOW' : 'TEAM';
}

const storedMetrics = z.object({ session_metrics: wire.json });

/** Empty metrics are none: lists omit them. Workflow sessions that are read alone have theirs in their stored data. */
function metricsOf({ metrics, session_data: stored }: SessionRow): unknown {
  const counted = metrics ?? storedMetrics.safeParse(stored).data?.session_metrics ?? null;
  return isEmptyObject(counted) ? null : counted;
}

function isEmptyObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

const tokenCounts = z.object({ total_tokens: z.number() });

export function totalTokensOf(row: SessionRow): number | null {
  return row.total_tokens ?? tokenCounts.safeParse(metricsOf(row)).data?.total_tokens ?? null;
}

export const sessionShape: ObjectShape<AgnoSessionRecord> = {
  name: 'AgnoSession',
  description:
    'A session of an Agno agent, team or workflow. The platform keeps no status for it. A field that the platform leaves out ' +
    'of its lists costs one request per session when you select it. Before version 2.6, lists have only the name, the state ' +
    'and the times.',
  fields: sent.fieldsOf(session, sent.rowOf, {
    metrics: complete(json('The metrics of the session, such as token counts.', ({ row }) => metricsOf(row))),
    totalTokens: complete(float('The number of tokens that the session used.', ({ row }) => totalTokensOf(row))),
    chatHistory: detail(
      objects(
        message.shape,
        `The messages of the session as the platform sums them up, without those of the system, of tools and of the members of a team. \`messages\` has them all, in words common to all platforms. ${eachAlone}`,
        ({ row }) => row.chat_history ?? [],
      ),
    ),
  }),
};
