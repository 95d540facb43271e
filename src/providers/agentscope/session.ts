import { z } from 'zod';
import type { SessionRecord, SessionStatus } from '../../domain/records.ts';
import { encodeKey } from '../key.ts';
import type { SourceConfig } from '../provider.ts';
import { flag, json, type ObjectShape, object, required, text } from '../shape.ts';
import * as wire from '../wire.ts';
import { toInstant } from './instant.ts';
import { readState, stateShape } from './session-state.ts';
import type { AgentScopeSettings } from './settings.ts';
import { teamView, toTeamKey } from './team.ts';

const chatModelConfig = z.object({
  type: wire.text,
  credential_id: wire.text,
  model: wire.text,
  model_class: wire.text,
  parameters: wire.json,
});

const naming = z.object({ auto: wire.flag });

const sessionConfig = z.object({
  workspace_id: wire.text,
  name: wire.text,
  cwd: wire.text,
  chat_model_config: wire.nullable(chatModelConfig),
  fallback_chat_model_config: wire.nullable(chatModelConfig),
  naming: wire.nullable(naming),
  tts_model_config: wire.json,
  realtime_model_config: wire.json,
  knowledge_config: wire.json,
});

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

const session = z
  .object({
    id: wire.id,
    created_at: wire.text,
    updated_at: wire.text,
    user_id: wire.text,
    agent_id: wire.reference,
    team_id: wire.text,
    config: wire.nullable(sessionConfig),
    // Whole conversations up to 2.0.5: `readState` reads them when they are asked for.
    state: z.unknown().optional(),
    origin,
    source: wire.text,
    source_schedule_id: wire.text,
    source_channel_id: wire.text,
    source_chat_id: wire.text,
    source_chat_name: wire.text,
  })
  // Up to 2.0.7 the record has a field for each fact of its origin; from 2.0.8 one object has those that its type knows.
  .transform(({ source, source_schedule_id, source_channel_id, source_chat_id, source_chat_name, ...row }) => ({
    ...row,
    origin: {
      ...row.origin,
      type: row.origin.type ?? source,
      schedule_id: row.origin.schedule_id ?? source_schedule_id,
      channel_id: row.origin.channel_id ?? source_channel_id,
      chat_id: row.origin.chat_id ?? source_chat_id,
      chat_name: row.origin.chat_name ?? source_chat_name,
    },
  }));

/** 2.0.0 answers bare records, later versions views around them; a source may change its version between two requests. */
const sessionView = z.preprocess(
  (row) => (typeof row === 'object' && row !== null && 'session' in row ? row : { session: row }),
  z.object({ session, is_running: wire.flag, status: wire.text, team: wire.nullable(teamView) }),
);

export const sessionList = z.object({
  sessions: z.array(sessionView),
  total: z.int().nullable().default(null).catch(null),
});

export type SessionView = z.infer<typeof sessionView>;
export type SessionList = z.infer<typeof sessionList>;

interface SessionRow extends z.infer<typeof session> {
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
    createdAt: toInstant(row.created_at, timezone),
    updatedAt: toInstant(row.updated_at, timezone),
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

const chatModelConfigShape: ObjectShape<z.infer<typeof chatModelConfig>> = {
  name: 'AgentScopeChatModelConfig',
  description: 'A model that a session uses, and its parameters.',
  fields: {
    type: text('The type of the credential, such as `openai_credential`.', (row) => row.type),
    credentialId: text('The id of the credential; never the credential itself.', (row) => row.credential_id),
    model: text('The name of the model.', (row) => row.model),
    modelClass: text(
      'The class that calls the model, such as `openai_response`; null for the default class. From version 2.0.11.',
      (row) => row.model_class,
    ),
    parameters: json('The parameters of the model, as the platform sends them.', (row) => row.parameters),
  },
};

const namingShape: ObjectShape<z.infer<typeof naming>> = {
  name: 'AgentScopeSessionNaming',
  description: 'How a session gets its name.',
  fields: {
    auto: flag('Whether the platform may still derive a new name from the conversation.', (row) => row.auto),
  },
};

const sessionConfigShape: ObjectShape<z.infer<typeof sessionConfig>> = {
  name: 'AgentScopeSessionConfig',
  description: 'The configuration of a session.',
  fields: {
    workspaceId: text('The id of the workspace in which the session works.', (row) => row.workspace_id),
    name: text(
      'The name of the session, which is also its `title`. If nobody named the session, this is the time of its creation in ' +
        "the platform's own time zone.",
      (row) => row.name,
    ),
    naming: object(namingShape, 'How the session gets its name; from version 2.0.8.', (row) => row.naming),
    cwd: text('The working directory inside the workspace; from version 2.0.6.', (row) => row.cwd),
    chatModelConfig: object(chatModelConfigShape, 'The model; null if none is chosen.', (row) => row.chat_model_config),
    fallbackChatModelConfig: object(
      chatModelConfigShape,
      'The model that is used if the first one fails; from version 2.0.1.',
      (row) => row.fallback_chat_model_config,
    ),
    ttsModelConfig: json('The text-to-speech model; from version 2.0.2.', (row) => row.tts_model_config),
    realtimeModelConfig: json('The model for live speech; from version 2.0.10.', (row) => row.realtime_model_config),
    knowledgeConfig: json('The knowledge bases; from version 2.0.3.', (row) => row.knowledge_config),
  },
};

export const sessionShape: ObjectShape<AgentScopeSessionRecord> = {
  name: 'AgentScopeSession',
  description: 'A session of an AgentScope agent: one conversation of one user, in a workspace.',
  fields: {
    agentId: required(text('The id of the agent, even if the agent is gone.', ({ row }) => row.agent_id)),
    teamId: text('The id of the team, even if the team is gone.', ({ row }) => row.team_id),
    origin: text(
      'What started the session: `user`, `schedule`, `channel` (a chat on another service), `team` or `sop` (a standard ' +
        'operating procedure). The platform calls it `source` up to version 2.0.7 and `origin.type` from 2.0.8.',
      ({ row }) => row.origin.type,
    ),
    sourceScheduleId: text('The id of the schedule that started the session.', ({ row }) => row.origin.schedule_id),
    sourceChannelId: text('The id of the channel that the session came through; from version 2.0.6.', ({ row }) => {
      return row.origin.channel_id;
    }),
    sourceChatId: text('The id of the chat that started the session; from version 2.0.6.', ({ row }) => {
      return row.origin.chat_id;
    }),
    sourceChatName: text('The name of that chat, if the channel sends it; from version 2.0.7.', ({ row }) => {
      return row.origin.chat_name;
    }),
    sourceChannelUserId: text(
      'The id that the channel has for the person who started the session, if it sends one; from version 2.0.9.',
      ({ row }) => row.origin.channel_user_id,
    ),
    sourceSopRunId: text(
      'The id of the run of the standard operating procedure that started the session; from version 2.0.9.',
      ({ row }) => row.origin.sop_run_id,
    ),
    sourceSessionKey: text('The key of the session within that run; from version 2.0.9.', ({ row }) => {
      return row.origin.session_key;
    }),
    isRunning: flag(
      'Whether the agent is working now. False does not mean that it is done: it may wait for its user. From version 2.0.1.',
      ({ row }) => row.is_running,
    ),
    config: object(sessionConfigShape, 'The configuration of the session.', ({ row }) => row.config),
    state: object(
      stateShape,
      'What the agent remembers. This can be megabytes, so select it for one session at a time.',
      ({ sourceId, row }) => readState({ row: row.state, sourceId, timezone: row.stateTimezone }),
    ),
  },
};
