import { z } from 'zod';
import { parseInstant } from '../../domain/instant.ts';
import type { SessionRecord, SessionStatus } from '../../domain/records.ts';
import { encodeKey } from '../key.ts';
import type { SourceConfig } from '../provider.ts';
import * as sent from '../sent.ts';
import { flag, type ObjectShape, object, required } from '../shape.ts';
import * as wire from '../wire.ts';
import { readState, stateShape } from './session-state.ts';
import type { AgentScopeSettings } from './settings.ts';
import { teamView, toTeamKey } from './team.ts';

const chatModelConfig = sent.part('AgentScopeChatModelConfig', 'A model that a session uses, and its parameters.', {
  type: sent.text('The type of the credential, such as `openai_credential`.'),
  credential_id: sent.text('The id of the credential; never the credential itself.'),
  model: sent.text('The name of the model.'),
  model_class: sent.text(
    'The class that calls the model, such as `openai_response`; null for the default class. From version 2.0.11.',
  ),
  parameters: sent.json('The parameters of the model, as the platform sends them.'),
});

const naming = sent.part('AgentScopeSessionNaming', 'How a session gets its name.', {
  auto: sent.flag('Whether the platform may still derive a new name from the conversation.'),
});

const sessionConfig = sent.part('AgentScopeSessionConfig', 'The configuration of a session.', {
  workspace_id: sent.text('The id of the workspace in which the session works.'),
  name: sent.text(
    'The name of the session, which is also its `title`. If nobody named the session, this is the time of its creation in ' +
      "the platform's own time zone.",
  ),
  naming: sent.object(naming, 'How the session gets its name; from version 2.0.8.'),
  cwd: sent.text('The working directory inside the workspace; from version 2.0.6.'),
  chat_model_config: sent.object(chatModelConfig, 'The model; null if none is chosen.'),
  fallback_chat_model_config: sent.object(
    chatModelConfig,
    'The model that is used if the first one fails; from version 2.0.1.',
  ),
  tts_model_config: sent.json('The text-to-speech model; from version 2.0.2.'),
  realtime_model_config: sent.json('The model for live speech; from version 2.0.10.'),
  knowledge_config: sent.json('The knowledge bases; from version 2.0.3.'),
});

const columns = {
  id: wire.id,
  created_at: wire.text,
  updated_at: wire.text,
  user_id: wire.text,
  agent_id: required(sent.reference('The id of the agent, even if the agent is gone.')),
  team_id: sent.text('The id of the team, even if the team is gone.'),
  source: sent.named(
    'origin',
    sent.text(
      'What started the session: `user`, `schedule`, `channel` (a chat on another service), `team` or `sop` (a standard ' +
        'operating procedure). The platform calls it `source` up to version 2.0.7 and `origin.type` from 2.0.8.',
    ),
  ),
  source_schedule_id: sent.text('The id of the schedule that started the session.'),
  source_channel_id: sent.text('The id of the channel that the session came through; from version 2.0.6.'),
  source_chat_id: sent.text('The id of the chat that started the session; from version 2.0.6.'),
  source_chat_name: sent.text('The name of that chat, if the channel sends it; from version 2.0.7.'),
  source_channel_user_id: sent.text(
    'The id that the channel has for the person who started the session, if it sends one; from version 2.0.9.',
  ),
  source_sop_run_id: sent.text(
    'The id of the run of the standard operating procedure that started the session; from version 2.0.9.',
  ),
  source_session_key: sent.text('The key of the session within that run; from version 2.0.9.'),
  isRunning: sent.below,
  config: sent.object(sessionConfig, 'The configuration of the session.'),
};

const origin = wire.section({
  type: wire.text,
  schedule_id: wire.text,
  channel_id: wire.text,
  chat_id: wire.text,
  chat_name: wire.text,
  channel_user_id: wire.text,
  sop_run_id: wire.text,
  session_key: wire.text,
});

function listOf(state: z.ZodType) {
  const session = sent
    .schemaOf(columns)
    .extend({ origin, state })
    // Up to 2.0.7 the record has a field for each fact of its origin; from 2.0.8 one object has those that its type knows.
    .transform(({ origin: from, ...row }) => ({
      ...row,
      source: from.type ?? row.source,
      source_schedule_id: from.schedule_id ?? row.source_schedule_id,
      source_channel_id: from.channel_id ?? row.source_channel_id,
      source_chat_id: from.chat_id ?? row.source_chat_id,
      source_chat_name: from.chat_name ?? row.source_chat_name,
      source_channel_user_id: from.channel_user_id,
      source_sop_run_id: from.sop_run_id,
      source_session_key: from.session_key,
    }));
  // 2.0.0 answers bare records, later versions views around them; a source may change its version between two requests.
  const view = z.preprocess(
    (row) => (typeof row === 'object' && row !== null && 'session' in row ? row : { session: row }),
    z.object({ session, is_running: wire.flag, status: wire.text, team: wire.nullable(teamView) }),
  );
  return z.object({ sessions: z.array(view), total: z.int().nullable().default(null).catch(null) });
}

/** With the states, which are whole conversations up to 2.0.5: `readState` reads them when they are asked for. */
export const sessionList = listOf(z.unknown().optional());

export const sessionListWithoutStates = listOf(
  z
    .unknown()
    .optional()
    .transform(() => undefined),
);

export type SessionList = z.infer<typeof sessionList>;
export type SessionView = SessionList['sessions'][number];

type SessionFields = SessionView['session'];

interface SessionRow extends SessionFields {
  readonly agent_id: string;
  readonly is_running: boolean | null;
  /** Of the times in its state. */
  readonly stateTimezone: string;
}

export type AgentScopeSessionRecord = SessionRecord<SessionRow>;

/** `agentId` is the agent whose list has the session. */
export function toSession(
  { session: row, is_running, status, team }: SessionView,
  agentId: string,
  { id: sourceId, settings: { timezone, stateTimezone = timezone } }: SourceConfig<AgentScopeSettings>,
): AgentScopeSessionRecord {
  return {
    sourceId,
    provider: 'agentscope',
    key: encodeKey(agentId, row.id),
    nativeId: row.id,
    kind: 'AGENT',
    title: row.config?.name ?? null,
    preview: null,
    status: toStatus(status, is_running),
    nativeStatus: status,
    createdAt: parseInstant(row.created_at, timezone),
    updatedAt: parseInstant(row.updated_at, timezone),
    userId: row.user_id,
    agentKey: encodeKey(agentId),
    // The id alone leads nowhere once the team is gone.
    teamKey: team === null ? null : toTeamKey(team, agentId),
    workflowKey: null,
    tags: [],
    complete: true,
    row: { ...row, agent_id: agentId, is_running, stateTimezone },
  };
}

function toStatus(status: string | null, isRunning: boolean | null): SessionStatus {
  switch (status) {
    case null:
      // Before 2.0.6 a session that waits for its user does not run either.
      return isRunning === true ? 'RUNNING' : 'UNKNOWN';
    case 'running':
      return 'RUNNING';
    case 'idle':
      return 'IDLE';
    default:
      return status.startsWith('awaiting_') ? 'WAITING' : 'UNKNOWN';
  }
}

export const sessionShape: ObjectShape<AgentScopeSessionRecord> = {
  name: 'AgentScopeSession',
  description: 'A session of an AgentScope agent: one conversation of one user, in a workspace.',
  fields: sent.fieldsOf(columns, sent.rowOf, {
    isRunning: flag(
      'Whether the agent is working now. False does not mean that it is done: it may wait for its user. From version 2.0.1.',
      ({ row }) => row.is_running,
    ),
    state: object(
      stateShape,
      'What the agent remembers. This can be megabytes, so select it for one session at a time.',
      ({ sourceId, row }) => readState({ row: row.state, sourceId, timezone: row.stateTimezone }),
    ),
  }),
};
