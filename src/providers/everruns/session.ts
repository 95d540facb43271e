import { z } from 'zod';
import { parseInstant } from '../../domain/instant.ts';
import type { SessionRecord, SessionStatus } from '../../domain/records.ts';
import { encodeKey } from '../key.ts';
import * as sent from '../sent.ts';
import { detail, entity, type ObjectShape } from '../shape.ts';
import * as wire from '../wire.ts';
import { capability } from './capability.ts';
import { usage } from './usage.ts';

const onlyInLists =
  'Null when there is none. The platform shows it in lists only. For a session that was looked up by id, this field ' +
  'searches the list, which costs a few more requests.';

const session = {
  id: wire.id,
  title: wire.text,
  status: wire.text,
  created_at: wire.text,
  updated_at: wire.text,
  organization_id: sent.text('The id of the organization that the session belongs to.'),
  agent_id: sent.reference('The id of the agent on the platform, even if the agent no longer exists.'),
  preview: detail(sent.text(`The beginning of the user's first message. ${onlyInLists}`)),
  output_preview: detail(sent.text(`The beginning of the agent's last answer. ${onlyInLists}`)),
  tags: sent.texts('Tags that organize sessions.'),
  model_id: sent.text(
    "The id on the platform of the model that the session uses. Null when it uses its agent's model.",
  ),
  capabilities: sent.objects(capability, 'Capabilities that the session has in addition to those of its agent.'),
  tools: sent.json('Tools that the client of the session provides.'),
  started_at: sent.time('When the session started to run.'),
  finished_at: sent.time('When the session finished.'),
  usage: sent.object(usage, 'Tokens used by the session. Null when it has used none.'),
  harness_id: sent.text('The id of the harness that the session runs in.'),
  workspace_id: sent.text('The id of the workspace that the session works in.'),
  owner_principal_id: sent.text('The id of the principal that owns the session.'),
  locale: sent.text('The language and region of the session, such as `de-AT`.'),
  is_pinned: sent.flag('Whether the session is pinned.'),
  features: sent.json('The features of the session, as the platform sends them.'),
  parent_session_id: sent.reference('The id of the session that started this one.'),
  parentSession: sent.below,
  self_url: sent.text("The URL of the session in the platform's API."),
  view_url: sent.text('The URL where people can view the session.'),
};

export const sessionRow = sent.schemaOf(session);

export const sessionPage = z.object({ data: z.array(sessionRow), total: z.int().min(0) });

export type SessionRow = z.infer<typeof sessionRow>;
export type SessionPage = z.infer<typeof sessionPage>;
export type EverrunsSessionRecord = SessionRecord<SessionRow>;

/** A stretch of a list of sessions. */
export interface SessionRows {
  readonly rows: readonly EverrunsSessionRecord[];
  readonly total: number;
}

export function toSession(row: SessionRow, sourceId: string): EverrunsSessionRecord {
  return {
    sourceId,
    provider: 'everruns',
    key: encodeKey(row.id),
    nativeId: row.id,
    kind: 'AGENT',
    title: row.title,
    preview: row.preview,
    status: toStatus(row.status),
    nativeStatus: row.status,
    createdAt: parseInstant(row.created_at),
    updatedAt: parseInstant(row.updated_at),
    userId: null,
    agentKey: row.agent_id === null ? null : encodeKey(row.agent_id),
    teamKey: null,
    workflowKey: null,
    tags: row.tags,
    complete: true,
    row,
  };
}

function toStatus(status: string | null): SessionStatus {
  switch (status) {
    case 'active':
      return 'RUNNING';
    // The platform spells it without underscores in its answers and with them in its statistics.
    case 'waitingfortoolresults':
    case 'waiting_for_tool_results':
      return 'WAITING';
    // Nothing runs and nothing is awaited: `started` only means created, and `paused` continues when someone resumes it.
    case 'started':
    case 'idle':
    case 'paused':
      return 'IDLE';
    default:
      return 'UNKNOWN';
  }
}

export const sessionShape: ObjectShape<EverrunsSessionRecord> = {
  name: 'EverrunsSession',
  description:
    'A session on Everruns: one conversation with an agent. Its status does not say whether it succeeded. ' +
    'A session that has only been created (`started`) or is paused counts as idle.',
  fields: sent.fieldsOf(session, sent.rowOf, {
    parentSession: entity('session', 'The session that started this one.', ({ sourceId, row }) =>
      row.parent_session_id === null ? null : { sourceId, key: encodeKey(row.parent_session_id) },
    ),
  }),
};
