import { z } from 'zod';
import { parseInstant } from '../../domain/instant.ts';
import type { SessionRecord, SessionStatus } from '../../domain/records.ts';
import { encodeKey } from '../key.ts';
import { detail, entity, flag, json, type ObjectShape, object, objects, text, texts, time } from '../shape.ts';
import * as wire from '../wire.ts';
import { capability, capabilityShape } from './capability.ts';
import { usage, usageShape } from './usage.ts';

export const sessionRow = z.object({
  id: wire.id,
  organization_id: wire.text,
  agent_id: wire.reference,
  title: wire.text,
  preview: wire.text,
  output_preview: wire.text,
  tags: wire.texts,
  model_id: wire.text,
  capabilities: wire.list(capability),
  tools: wire.json,
  status: wire.text,
  created_at: wire.text,
  updated_at: wire.text,
  started_at: wire.text,
  finished_at: wire.text,
  usage: wire.nullable(usage),
  harness_id: wire.text,
  workspace_id: wire.text,
  owner_principal_id: wire.text,
  locale: wire.text,
  is_pinned: wire.flag,
  features: wire.json,
  parent_session_id: wire.reference,
  self_url: wire.text,
  view_url: wire.text,
});

export const sessionPage = z.object({ data: z.array(sessionRow), total: z.int().min(0) });

export type SessionRow = z.infer<typeof sessionRow>;
export type SessionPage = z.infer<typeof sessionPage>;
export type EverrunsSessionRecord = SessionRecord<SessionRow>;

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

const onlyInLists =
  'Null when there is none. The platform shows it in lists only. For a session that was looked up by id, this field ' +
  'searches the list, which costs a few more requests.';

export const sessionShape: ObjectShape<EverrunsSessionRecord> = {
  name: 'EverrunsSession',
  description:
    'A session on Everruns: one conversation with an agent. Its status does not say whether it succeeded. ' +
    'A session that has only been created (`started`) or is paused counts as idle.',
  fields: {
    organizationId: text('The id of the organization that the session belongs to.', ({ row }) => row.organization_id),
    agentId: text(
      'The id of the agent on the platform, even if the agent no longer exists.',
      ({ row }) => row.agent_id,
    ),
    preview: detail(text(`The beginning of the user's first message. ${onlyInLists}`, ({ row }) => row.preview)),
    outputPreview: detail(
      text(`The beginning of the agent's last answer. ${onlyInLists}`, ({ row }) => row.output_preview),
    ),
    tags: texts('Tags that organize sessions.', ({ row }) => row.tags),
    modelId: text(
      "The id on the platform of the model that the session uses. Null when it uses its agent's model.",
      ({ row }) => row.model_id,
    ),
    capabilities: objects(
      capabilityShape,
      'Capabilities that the session has in addition to those of its agent.',
      ({ row }) => row.capabilities,
    ),
    tools: json('Tools that the client of the session provides.', ({ row }) => row.tools),
    startedAt: time('When the session started to run.', ({ row }) => parseInstant(row.started_at)),
    finishedAt: time('When the session finished.', ({ row }) => parseInstant(row.finished_at)),
    usage: object(usageShape, 'Tokens used by the session. Null when it has used none.', ({ row }) => row.usage),
    harnessId: text('The id of the harness that the session runs in.', ({ row }) => row.harness_id),
    workspaceId: text('The id of the workspace that the session works in.', ({ row }) => row.workspace_id),
    ownerPrincipalId: text('The id of the principal that owns the session.', ({ row }) => row.owner_principal_id),
    locale: text('The language and region of the session, such as `de-AT`.', ({ row }) => row.locale),
    isPinned: flag('Whether the session is pinned.', ({ row }) => row.is_pinned),
    features: json('The features of the session, as the platform sends them.', ({ row }) => row.features),
    parentSessionId: text('The id of the session that started this one.', ({ row }) => row.parent_session_id),
    parentSession: entity('session', 'The session that started this one.', ({ sourceId, row }) =>
      row.parent_session_id === null ? null : { sourceId, key: encodeKey(row.parent_session_id) },
    ),
    selfUrl: text("The URL of the session in the platform's API.", ({ row }) => row.self_url),
    viewUrl: text('The URL where people can view the session.', ({ row }) => row.view_url),
  },
};
