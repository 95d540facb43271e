import { UpstreamError } from '../../domain/errors.ts';
import { type Instant, parseInstant } from '../../domain/instant.ts';
import type {
  AgentRecord,
  EntityRef,
  SessionRecord,
  SessionStatus,
  TeamMemberRecord,
  TeamRecord,
} from '../../domain/records.ts';
import { encodeKey } from '../key.ts';
import {
  entity,
  flag,
  float,
  int,
  json,
  type ObjectShape,
  object,
  objects,
  required,
  text,
  texts,
  time,
  user,
} from '../shape.ts';
import * as wire from './wire.ts';

export interface AgentScopeSessionNative {
  readonly agentId: string;
  readonly teamId: string | null;
  readonly origin: Origin;
  readonly isRunning: boolean | null;
  readonly config: SessionConfig | null;
  /** Null when the platform sent none, or it was dropped. */
  readonly state: HeldState | null;
}

/** Where a session came from. */
interface Origin {
  readonly type: string | null;
  readonly scheduleId: string | null;
  readonly channelId: string | null;
  readonly chatId: string | null;
  readonly chatName: string | null;
  readonly channelUserId: string | null;
  readonly sopRunId: string | null;
  readonly sessionKey: string | null;
}

interface SessionConfig {
  readonly workspaceId: string | null;
  readonly name: string | null;
  readonly cwd: string | null;
  readonly chatModelConfig: ChatModelConfig | null;
  readonly fallbackChatModelConfig: ChatModelConfig | null;
  readonly naming: Naming | null;
  readonly ttsModelConfig: unknown;
  readonly realtimeModelConfig: unknown;
  readonly knowledgeConfig: unknown;
}

interface Naming {
  readonly auto: boolean | null;
}

interface ChatModelConfig {
  readonly type: string | null;
  readonly credentialId: string | null;
  readonly model: string | null;
  readonly modelClass: string | null;
  readonly parameters: unknown;
}

/** A state as it was sent. It can be a whole conversation, so its parts are only read when they are asked for. */
interface HeldState {
  readonly wire: unknown;
  readonly reading: Reading;
}

interface State {
  readonly reading: Reading;
  readonly sessionId: string | null;
  readonly summary: unknown;
  /** As it was sent. */
  readonly context: unknown;
  readonly replyId: string | null;
  readonly curIter: number | null;
  readonly replyContext: ReplyContext | null;
  readonly permissionContext: PermissionContext | null;
  readonly toolContext: ToolContext | null;
  readonly tasksContext: TasksContext | null;
  readonly middleContext: unknown;
}

interface ReplyContext {
  readonly replyId: string | null;
  readonly curIter: number | null;
  readonly structuredSchema: unknown;
  readonly structuredOutput: unknown;
}

interface PermissionContext {
  readonly mode: string | null;
  readonly workingDirectories: unknown;
  readonly allowRules: unknown;
  readonly denyRules: unknown;
  readonly askRules: unknown;
}

interface ToolContext {
  readonly reading: Reading;
  readonly maxCacheFiles: number | null;
  readonly maxCacheBytes: number | null;
  /** As it was sent. */
  readonly readFileCache: unknown;
  readonly activatedGroups: readonly string[];
}

interface CachedFile {
  readonly filePath: string | null;
  readonly lines: readonly string[];
  readonly bytes: number | null;
  readonly updatedAt: number | null;
}

interface TasksContext {
  readonly tasks: readonly Task[];
}

interface Task {
  readonly id: string | null;
  readonly subject: string | null;
  readonly description: string | null;
  readonly metadata: unknown;
  readonly createdAt: Instant | null;
  readonly state: string | null;
  readonly owner: string | null;
  readonly blocks: readonly string[];
  readonly blockedBy: readonly string[];
}

interface Message {
  readonly id: string | null;
  readonly name: string | null;
  readonly role: string | null;
  readonly content: readonly ContentBlock[];
  readonly metadata: unknown;
  readonly createdAt: Instant | null;
  readonly finishedAt: Instant | null;
  readonly usage: Usage | null;
  readonly finishedReason: string | null;
  readonly structuredOutput: unknown;
  readonly error: unknown;
}

interface ContentBlock {
  readonly type: string | null;
  readonly id: string | null;
  readonly text: string | null;
  readonly block: unknown;
}

interface Usage {
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
}

export interface AgentScopeAgentNative {
  readonly userId: string | null;
  readonly updatedAt: Instant | null;
  readonly origin: string | null;
  readonly editable: boolean | null;
  readonly dataId: string | null;
  readonly systemPrompt: string | null;
  readonly contextConfig: ContextConfig | null;
  readonly reactConfig: ReactConfig | null;
  readonly inviteConfig: InviteConfig | null;
}

interface ContextConfig {
  readonly triggerRatio: number | null;
  readonly reserveRatio: number | null;
  readonly contextBufferRatio: number | null;
  readonly compressionPrompt: string | null;
  readonly compressionToolEnabled: boolean | null;
  readonly compressionFallbackToTruncation: boolean | null;
  readonly summaryTemplate: string | null;
  readonly summarySchema: unknown;
  readonly toolResultLimit: number | null;
  readonly maxImageNum: number | null;
}

interface ReactConfig {
  readonly maxIters: number | null;
  readonly structuredOutputGraceIters: number | null;
  readonly stopOnReject: boolean | null;
  readonly interruptionMessage: string | null;
  readonly interruptionRaiseCancelledError: boolean | null;
}

interface InviteConfig {
  readonly invitable: boolean | null;
  readonly inviteDescription: string | null;
}

export interface AgentScopeTeamNative {
  readonly userId: string | null;
  readonly updatedAt: Instant | null;
  readonly leaderAgentId: string | null;
  readonly leaderSessionId: string | null;
  readonly leaderSession: EntityRef | null;
  readonly memberIds: readonly string[];
  readonly memberships: readonly Membership[];
}

interface Membership {
  readonly ownerId: string | null;
  readonly agentId: string | null;
  readonly sessionId: string | null;
  readonly role: string | null;
}

export type AgentScopeSessionRecord = SessionRecord<AgentScopeSessionNative>;
export type AgentScopeAgentRecord = AgentRecord<AgentScopeAgentNative>;
export type AgentScopeTeamRecord = TeamRecord<AgentScopeTeamNative>;

/** What must be known of a source to read its rows. */
export interface Reading {
  readonly sourceId: string;
  /** Of the records' own times. */
  readonly timezone: string;
  /** Of the times inside the states of sessions. */
  readonly stateTimezone: string;
  /** False to let go of the states of sessions, which can be megabytes. */
  readonly keepState: boolean;
}

/** `listedOf` is the agent whose sessions were asked for: rows repeat it. */
export function toSession(view: wire.SessionView, listedOf: string, reading: Reading): AgentScopeSessionRecord {
  const { session: row, team } = view;
  const agentId = row.agent_id ?? listedOf;
  return {
    sourceId: reading.sourceId,
    provider: 'agentscope',
    key: encodeKey(agentId, row.id),
    nativeId: row.id,
    kind: 'AGENT',
    title: row.config?.name ?? null,
    preview: null,
    status: toStatus(view.status, view.is_running),
    nativeStatus: view.status,
    createdAt: toInstant(row.created_at, reading.timezone),
    updatedAt: toInstant(row.updated_at, reading.timezone),
    userId: row.user_id,
    agentKey: encodeKey(agentId),
    // The id alone leads nowhere once the team is gone.
    teamKey: team === null ? null : toTeamKey(team, agentId),
    workflowKey: null,
    tags: [],
    complete: true,
    row: {
      agentId,
      teamId: row.team_id,
      origin: toOrigin(row),
      isRunning: view.is_running,
      config: row.config === null ? null : toSessionConfig(row.config),
      state: reading.keepState && isPresent(row.state) ? { wire: row.state, reading } : null,
    },
  };
}

/** Up to 2.0.7 the record has a field for each fact; from 2.0.8 one object has those that its type knows. */
function toOrigin({ origin, ...row }: wire.SessionRecord): Origin {
  return {
    type: origin?.type ?? row.source,
    scheduleId: origin?.schedule_id ?? row.source_schedule_id,
    channelId: origin?.channel_id ?? row.source_channel_id,
    chatId: origin?.chat_id ?? row.source_chat_id,
    chatName: origin?.chat_name ?? row.source_chat_name,
    channelUserId: origin?.channel_user_id ?? null,
    sopRunId: origin?.sop_run_id ?? null,
    sessionKey: origin?.session_key ?? null,
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

function toSessionConfig(row: wire.SessionConfig): SessionConfig {
  return {
    workspaceId: row.workspace_id,
    name: row.name,
    cwd: row.cwd,
    chatModelConfig: toChatModelConfig(row.chat_model_config),
    fallbackChatModelConfig: toChatModelConfig(row.fallback_chat_model_config),
    naming: row.naming,
    ttsModelConfig: row.tts_model_config,
    realtimeModelConfig: row.realtime_model_config,
    knowledgeConfig: row.knowledge_config,
  };
}

function toChatModelConfig(row: wire.ChatModelConfig | null): ChatModelConfig | null {
  if (row === null) return null;
  return {
    type: row.type,
    credentialId: row.credential_id,
    model: row.model,
    modelClass: row.model_class,
    parameters: row.parameters,
  };
}

export function toAgent(row: wire.Agent, reading: Reading): AgentScopeAgentRecord {
  const { data } = row;
  const context = data?.chat_config?.context_config ?? data?.context_config ?? null;
  const react = data?.chat_config?.react_config ?? data?.react_config ?? null;
  const invite = data?.chat_config?.invite_config ?? data?.invite_config ?? null;
  return {
    sourceId: reading.sourceId,
    provider: 'agentscope',
    key: encodeKey(row.id),
    nativeId: row.id,
    name: data?.name ?? null,
    description: null,
    // Models belong to sessions here.
    model: null,
    createdAt: toInstant(row.created_at, reading.timezone),
    row: {
      userId: row.user_id,
      updatedAt: toInstant(row.updated_at, reading.timezone),
      origin: row.source,
      editable: row.editable,
      dataId: data?.id ?? null,
      systemPrompt: data?.system_prompt ?? null,
      contextConfig:
        context === null
          ? null
          : {
              triggerRatio: context.trigger_ratio,
              reserveRatio: context.reserve_ratio,
              contextBufferRatio: context.context_buffer_ratio,
              compressionPrompt: context.compression_prompt,
              compressionToolEnabled: context.compression_tool_enabled,
              compressionFallbackToTruncation: context.compression_fallback_to_truncation,
              summaryTemplate: context.summary_template,
              summarySchema: context.summary_schema,
              toolResultLimit: context.tool_result_limit,
              maxImageNum: context.max_image_num,
            },
      reactConfig:
        react === null
          ? null
          : {
              maxIters: react.max_iters,
              structuredOutputGraceIters: react.structured_output_grace_iters,
              stopOnReject: react.stop_on_reject,
              interruptionMessage: react.interruption_message,
              interruptionRaiseCancelledError: react.interruption_raise_cancelled_error,
            },
      inviteConfig:
        invite === null ? null : { invitable: invite.invitable, inviteDescription: invite.invite_description },
    },
  };
}

/** `seenAt` is the agent on whose session the team was seen. */
export function toTeam(view: wire.TeamView, seenAt: string, reading: Reading): AgentScopeTeamRecord {
  const { team: row, leader_agent: leader } = view;
  const { sourceId } = reading;
  return {
    sourceId,
    provider: 'agentscope',
    key: toTeamKey(view, seenAt),
    nativeId: row.id,
    name: row.data?.name ?? null,
    description: row.data?.description ?? null,
    createdAt: toInstant(row.created_at, reading.timezone),
    leader: leader === null ? null : toAgent(leader, reading),
    members: view.members.map(
      ({ agent, session_id: sessionId }): TeamMemberRecord => ({
        agent: agent === null ? null : toAgent(agent, reading),
        team: null,
        session: agent === null ? null : toSessionRef(agent.id, sessionId, sourceId),
      }),
    ),
    row: {
      userId: row.user_id,
      updatedAt: toInstant(row.updated_at, reading.timezone),
      leaderAgentId: leader?.id ?? row.leader_agent_id,
      leaderSessionId: row.session_id,
      leaderSession: leader === null ? null : toSessionRef(leader.id, row.session_id, sourceId),
      memberIds: row.data?.member_ids ?? [],
      memberships: (row.data?.members ?? []).map((member) => ({
        ownerId: member.owner_id,
        agentId: member.agent_id,
        sessionId: member.session_id,
        role: member.role,
      })),
    },
  };
}

/**
 * A team is only seen on the sessions of its agents, so its key says whose to look at: the leader's, else those of the member
 * that every view of the team would choose.
 */
export function toTeamKey({ team, leader_agent: leader, members }: wire.TeamView, seenAt: string): string {
  const memberIds = members.flatMap(({ agent }) => (agent === null ? [] : [agent.id])).sort();
  return encodeKey(leader?.id ?? memberIds[0] ?? seenAt, team.id);
}

/** The agents a team's view shows: the platform lists its workers nowhere else. */
export function agentsOf({ leader_agent: leader, members }: wire.TeamView): readonly wire.Agent[] {
  return [leader, ...members.map(({ agent }) => agent)].filter((agent) => agent !== null);
}

function toSessionRef(agentId: string, sessionId: string | null, sourceId: string): EntityRef | null {
  return sessionId === null ? null : { sourceId, key: encodeKey(agentId, sessionId) };
}

function toInstant(time: string | null, timezone: string): Instant | null {
  return time === null ? null : parseInstant(time, timezone);
}

function isPresent(value: unknown): boolean {
  return value !== null && value !== undefined;
}

function toState({ wire: sent, reading }: HeldState): State {
  const row = readPart(wire.state, sent, reading);
  const { reply_context: reply, permission_context: permission, tool_context: tool, tasks_context: tasks } = row;
  return {
    reading,
    sessionId: row.session_id,
    summary: row.summary,
    context: row.context,
    replyId: row.reply_id ?? reply?.reply_id ?? null,
    curIter: row.cur_iter ?? reply?.cur_iter ?? null,
    replyContext:
      reply === null
        ? null
        : {
            replyId: reply.reply_id,
            curIter: reply.cur_iter,
            structuredSchema: reply.structured_schema,
            structuredOutput: reply.structured_output,
          },
    permissionContext:
      permission === null
        ? null
        : {
            mode: permission.mode,
            workingDirectories: permission.working_directories,
            allowRules: permission.allow_rules,
            denyRules: permission.deny_rules,
            askRules: permission.ask_rules,
          },
    toolContext:
      tool === null
        ? null
        : {
            reading,
            maxCacheFiles: tool.max_cache_files,
            maxCacheBytes: tool.max_cache_bytes,
            readFileCache: tool.read_file_cache,
            activatedGroups: tool.activated_groups,
          },
    tasksContext: tasks === null ? null : { tasks: tasks.tasks.map((task) => toTask(task, reading)) },
    middleContext: row.middle_context,
  };
}

function toTask(row: wire.Task, reading: Reading): Task {
  return {
    id: row.id,
    subject: row.subject,
    description: row.description,
    metadata: row.metadata,
    createdAt: toInstant(row.created_at, reading.stateTimezone),
    state: row.state,
    owner: row.owner,
    blocks: row.blocks,
    blockedBy: row.blocked_by,
  };
}

function toMessages({ context, reading }: State): readonly Message[] {
  return readPart(wire.messages, context, reading).map((row) => toMessage(row, reading));
}

function toMessage(row: wire.Message, reading: Reading): Message {
  return {
    id: row.id,
    name: row.name,
    role: row.role,
    content: toContentBlocks(row.content),
    metadata: row.metadata,
    createdAt: toInstant(row.created_at, reading.stateTimezone),
    finishedAt: toInstant(row.finished_at, reading.stateTimezone),
    usage: row.usage === null ? null : { inputTokens: row.usage.input_tokens, outputTokens: row.usage.output_tokens },
    finishedReason: row.finished_reason,
    structuredOutput: row.structured_output,
    error: row.error,
  };
}

function toContentBlocks(content: unknown): readonly ContentBlock[] {
  if (typeof content === 'string') return [{ type: 'text', id: null, text: content, block: content }];
  if (!Array.isArray(content)) return [];
  return content.map((block: unknown) => {
    const { data } = wire.contentBlock.safeParse(block);
    return { type: data?.type ?? null, id: data?.id ?? null, text: data?.text ?? null, block };
  });
}

function toCachedFiles({ readFileCache, reading }: ToolContext): readonly CachedFile[] {
  return readPart(wire.cachedFiles, readFileCache, reading).map((row) => ({
    filePath: row.file_path,
    lines: row.lines,
    bytes: row.bytes,
    updatedAt: row.updated_at,
  }));
}

/** Parts that are read late are still answers of the platform: one of another shape is its failure, of that field alone. */
function readPart<Value>(
  schema: { safeParse(value: unknown): { success: true; data: Value } | { success: false; error: Error } },
  value: unknown,
  { sourceId }: Reading,
): Value {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new UpstreamError(sourceId, 'UPSTREAM_BAD_RESPONSE', { cause: result.error });
}

const chatModelConfigShape: ObjectShape<ChatModelConfig> = {
  name: 'AgentScopeChatModelConfig',
  description: 'Which model a session talks to, and how.',
  fields: {
    type: text('The type of the credential, such as `openai_credential`.', (config) => config.type),
    credentialId: text('The id of the credential on the platform; never the credential itself.', (config) => {
      return config.credentialId;
    }),
    model: text('The name of the model.', (config) => config.model),
    modelClass: text(
      'The implementation that talks to the model, such as `openai_response`; null for the default one. From version 2.0.11.',
      (config) => config.modelClass,
    ),
    parameters: json('The parameters of the model, as the platform sends them.', (config) => config.parameters),
  },
};

const namingShape: ObjectShape<Naming> = {
  name: 'AgentScopeSessionNaming',
  description: 'Who gives a session its name.',
  fields: {
    auto: flag(
      'Whether the platform may still replace the name with one that it makes from the conversation.',
      (naming) => naming.auto,
    ),
  },
};

const sessionConfigShape: ObjectShape<SessionConfig> = {
  name: 'AgentScopeSessionConfig',
  description: 'How a session was set up.',
  fields: {
    workspaceId: text('The id of the workspace the session works in.', (config) => config.workspaceId),
    name: text(
      'The name of the session, which is also its title. The platform names a session by its local creation time when ' +
        'nobody has named it.',
      (config) => config.name,
    ),
    naming: object(namingShape, 'Who gives the session its name; from version 2.0.8.', (config) => config.naming),
    cwd: text('The working directory inside the workspace; from version 2.0.6.', (config) => config.cwd),
    chatModelConfig: object(
      chatModelConfigShape,
      'The model of the session; null when none is chosen.',
      (config) => config.chatModelConfig,
    ),
    fallbackChatModelConfig: object(
      chatModelConfigShape,
      'The model that is asked when the first one fails; from version 2.0.1.',
      (config) => config.fallbackChatModelConfig,
    ),
    ttsModelConfig: json('The text-to-speech model, as the platform sends it; from version 2.0.2.', (config) => {
      return config.ttsModelConfig;
    }),
    realtimeModelConfig: json(
      'The model for live speech, as the platform sends it; from version 2.0.10.',
      (config) => config.realtimeModelConfig,
    ),
    knowledgeConfig: json('The knowledge bases, as the platform sends them; from version 2.0.3.', (config) => {
      return config.knowledgeConfig;
    }),
  },
};

const usageShape: ObjectShape<Usage> = {
  name: 'AgentScopeUsage',
  description: 'What a message has cost.',
  fields: {
    inputTokens: float('Tokens given to the model.', (usage) => usage.inputTokens),
    outputTokens: float('Tokens written by the model.', (usage) => usage.outputTokens),
  },
};

const contentBlockShape: ObjectShape<ContentBlock> = {
  name: 'AgentScopeContentBlock',
  description: 'One piece of a message.',
  fields: {
    type: text(
      'What the piece is: `text`, `thinking`, `data`, `hint`, `tool_call`, `tool_result`, or what later versions add.',
      (block) => block.type,
    ),
    id: text('The id of the piece.', (block) => block.id),
    text: text('The text of a piece of text.', (block) => block.text),
    block: json('The whole piece, as the platform sends it.', (block) => block.block),
  },
};

const messageShape: ObjectShape<Message> = {
  name: 'AgentScopeMessage',
  description: "A message of the conversation in the model's memory.",
  fields: {
    id: text('The id of the message.', (message) => message.id),
    name: text('Who says it.', (message) => message.name),
    role: text('In which role: `user`, `assistant` or `system`.', (message) => message.role),
    content: objects(contentBlockShape, 'What is said, in pieces.', (message) => message.content),
    metadata: json('Free-form data about the message.', (message) => message.metadata),
    createdAt: time('When the message was begun.', (message) => message.createdAt),
    finishedAt: time('When the message was finished; null while it is written.', (message) => message.finishedAt),
    usage: object(usageShape, 'What the message has cost, where the platform tells.', (message) => message.usage),
    finishedReason: text('Why the message ended; from version 2.0.6.', (message) => message.finishedReason),
    structuredOutput: json('The answer as data, when one was asked for; from version 2.0.6.', (message) => {
      return message.structuredOutput;
    }),
    error: json('What went wrong with the message; from version 2.0.6.', (message) => message.error),
  },
};

const replyContextShape: ObjectShape<ReplyContext> = {
  name: 'AgentScopeReplyContext',
  description: 'The reply the agent is at; from version 2.0.5.',
  fields: {
    replyId: text('The id of the reply.', (reply) => reply.replyId),
    curIter: int('How many rounds of reasoning and acting it has taken.', (reply) => reply.curIter),
    structuredSchema: json('The schema the reply must follow, if any.', (reply) => reply.structuredSchema),
    structuredOutput: json('The reply as data, if it must follow a schema.', (reply) => reply.structuredOutput),
  },
};

const permissionContextShape: ObjectShape<PermissionContext> = {
  name: 'AgentScopePermissionContext',
  description: 'What the agent may do in a session without asking.',
  fields: {
    mode: text('`default`, `accept_edits`, `explore`, `bypass` or `dont_ask`.', (permission) => permission.mode),
    workingDirectories: json('The directories the agent may work in, as the platform sends them.', (permission) => {
      return permission.workingDirectories;
    }),
    allowRules: json('What is allowed, by tool.', (permission) => permission.allowRules),
    denyRules: json('What is forbidden, by tool.', (permission) => permission.denyRules),
    askRules: json('What must be asked for, by tool.', (permission) => permission.askRules),
  },
};

const cachedFileShape: ObjectShape<CachedFile> = {
  name: 'AgentScopeCachedFile',
  description: 'A file the agent has read, as it was then.',
  fields: {
    filePath: text('Where the file is.', (file) => file.filePath),
    lines: texts('The lines of the file.', (file) => file.lines),
    bytes: float('The size of the file.', (file) => file.bytes),
    updatedAt: float('When it was last read or changed, as the platform counts.', (file) => file.updatedAt),
  },
};

const toolContextShape: ObjectShape<ToolContext> = {
  name: 'AgentScopeToolContext',
  description: 'What the tools of a session remember.',
  fields: {
    maxCacheFiles: int('How many files are remembered at the most.', (tools) => tools.maxCacheFiles),
    maxCacheBytes: float('How many bytes of files are remembered at the most.', (tools) => tools.maxCacheBytes),
    readFileCache: objects(
      cachedFileShape,
      'The files the agent has read; always empty from version 2.0.6.',
      toCachedFiles,
    ),
    activatedGroups: texts('The groups of tools that are switched on.', (tools) => tools.activatedGroups),
  },
};

const taskShape: ObjectShape<Task> = {
  name: 'AgentScopeTask',
  description: 'A step of the plan the agent follows in a session.',
  fields: {
    id: text('The id of the task.', (task) => task.id),
    subject: text('What is to be done, in a few words.', (task) => task.subject),
    description: text('What is to be done.', (task) => task.description),
    metadata: json('Free-form data about the task.', (task) => task.metadata),
    createdAt: time('When the task was made.', (task) => task.createdAt),
    state: text('`pending`, `in_progress` or `completed`.', (task) => task.state),
    owner: text('Who does it.', (task) => task.owner),
    blocks: texts('The ids of the tasks that wait for this one.', (task) => task.blocks),
    blockedBy: texts('The ids of the tasks this one waits for.', (task) => task.blockedBy),
  },
};

const tasksContextShape: ObjectShape<TasksContext> = {
  name: 'AgentScopeTasksContext',
  description: 'The plan the agent follows in a session.',
  fields: { tasks: objects(taskShape, 'The steps of the plan.', (plan) => plan.tasks) },
};

const stateShape: ObjectShape<State> = {
  name: 'AgentScopeState',
  description: 'What the agent remembers in a session.',
  fields: {
    sessionId: text('An id the platform gives the state; it is not the id of the session.', (state) => state.sessionId),
    summary: json(
      'The summary of the conversation so far: a text, or an array of content blocks; empty from version 2.0.6.',
      (state) => state.summary,
    ),
    context: objects(
      messageShape,
      'The conversation in the memory of the model; always empty from version 2.0.6.',
      toMessages,
    ),
    replyId: text('The id of the reply the agent is at.', (state) => state.replyId),
    curIter: int('How many rounds of reasoning and acting that reply has taken.', (state) => state.curIter),
    replyContext: object(
      replyContextShape,
      'The reply the agent is at, in full; from version 2.0.5.',
      (state) => state.replyContext,
    ),
    permissionContext: object(
      permissionContextShape,
      'What the agent may do without asking.',
      (state) => state.permissionContext,
    ),
    toolContext: object(toolContextShape, 'What the tools remember.', (state) => state.toolContext),
    tasksContext: object(tasksContextShape, 'The plan the agent follows.', (state) => state.tasksContext),
    middleContext: json('What middleware remembers, free-form; from version 2.0.3.', (state) => state.middleContext),
  },
};

export const sessionShape: ObjectShape<AgentScopeSessionRecord> = {
  name: 'AgentScopeSession',
  description: 'A session of an AgentScope agent: one conversation of one user, in a workspace.',
  fields: {
    agentId: required(text('The id of the agent, even when the agent is gone.', ({ row }) => row.agentId)),
    teamId: text('The id of the team, even when the team is gone.', ({ row }) => row.teamId),
    origin: text(
      'What started the session: `user`, `schedule`, `channel` (a chat on another service), `team` or `sop` (a standard ' +
        'operating procedure). The platform calls it `source` up to version 2.0.7 and `origin.type` from 2.0.8.',
      ({ row }) => row.origin.type,
    ),
    sourceScheduleId: text('The id of the schedule that started the session.', ({ row }) => row.origin.scheduleId),
    sourceChannelId: text('The id of the channel that the session came through; from version 2.0.6.', ({ row }) => {
      return row.origin.channelId;
    }),
    sourceChatId: text('The id of the chat that started the session; from version 2.0.6.', ({ row }) => {
      return row.origin.chatId;
    }),
    sourceChatName: text('The name of that chat, if the channel gave it; from version 2.0.7.', ({ row }) => {
      return row.origin.chatName;
    }),
    sourceChannelUserId: text(
      'The id, on the channel, of the person who started the session, if the channel gave it; from version 2.0.9.',
      ({ row }) => row.origin.channelUserId,
    ),
    sourceSopRunId: text(
      'The id of the run of a standard operating procedure that started the session; from version 2.0.9.',
      ({ row }) => row.origin.sopRunId,
    ),
    sourceSessionKey: text('Which conversation of that run the session is; from version 2.0.9.', ({ row }) => {
      return row.origin.sessionKey;
    }),
    isRunning: flag(
      'Whether the agent is working. False does not mean that it is done: it may wait for its user. From version 2.0.1.',
      ({ row }) => row.isRunning,
    ),
    config: object(sessionConfigShape, 'How the session was set up.', ({ row }) => row.config),
    state: object(
      stateShape,
      'What the agent remembers. It can be megabytes: ask for one session at a time.',
      (session) => {
        return session.row.state === null ? null : toState(session.row.state);
      },
    ),
  },
};

const contextConfigShape: ObjectShape<ContextConfig> = {
  name: 'AgentScopeContextConfig',
  description: 'How an agent keeps its conversations small enough for its model.',
  fields: {
    triggerRatio: float(
      'How full the context must be, from 0 to 1, to be summarised.',
      (config) => config.triggerRatio,
    ),
    reserveRatio: float('How much of it, from 0 to 1, is kept as it is.', (config) => config.reserveRatio),
    contextBufferRatio: float(
      'How long before that point, as a share of the context, the agent is told that a summary is near; from version 2.0.8.',
      (config) => config.contextBufferRatio,
    ),
    compressionToolEnabled: flag(
      'Whether the agent may ask for the summary itself; from version 2.0.8.',
      (config) => config.compressionToolEnabled,
    ),
    compressionFallbackToTruncation: flag(
      'Whether old messages are dropped when the summary cannot be made; from version 2.0.8.',
      (config) => config.compressionFallbackToTruncation,
    ),
    compressionPrompt: text('The prompt that asks for the summary.', (config) => config.compressionPrompt),
    summaryTemplate: text('How the summary is put back into the conversation.', (config) => config.summaryTemplate),
    summarySchema: json('The JSON Schema of the summary.', (config) => config.summarySchema),
    toolResultLimit: int('How many tokens of a tool result are kept.', (config) => config.toolResultLimit),
    maxImageNum: int('How many images are kept, in versions that limit them.', (config) => config.maxImageNum),
  },
};

const reactConfigShape: ObjectShape<ReactConfig> = {
  name: 'AgentScopeReactConfig',
  description: 'How an agent reasons and acts.',
  fields: {
    maxIters: int('How many rounds of reasoning and acting one reply may take.', (config) => config.maxIters),
    structuredOutputGraceIters: int('How many more it may take to answer as data; from version 2.0.6.', (config) => {
      return config.structuredOutputGraceIters;
    }),
    stopOnReject: flag('Whether the reply ends when the user refuses a tool.', (config) => config.stopOnReject),
    interruptionMessage: text('What the agent says when it is interrupted; from version 2.0.6.', (config) => {
      return config.interruptionMessage;
    }),
    interruptionRaiseCancelledError: flag(
      'Whether an interruption also stops the caller; from version 2.0.6.',
      (config) => {
        return config.interruptionRaiseCancelledError;
      },
    ),
  },
};

const inviteConfigShape: ObjectShape<InviteConfig> = {
  name: 'AgentScopeInviteConfig',
  description: 'Whether teams may invite an agent.',
  fields: {
    invitable: flag('Whether the agent may be invited.', (config) => config.invitable),
    inviteDescription: text('What the agent is good for, told to who invites.', (config) => config.inviteDescription),
  },
};

export const agentShape: ObjectShape<AgentScopeAgentRecord> = {
  name: 'AgentScopeAgent',
  description: 'An agent of one AgentScope user. Which model answers is a matter of each session.',
  fields: {
    user: user('The user who owns the agent.', ({ row }) => row.userId),
    updatedAt: time(
      'When the agent was last changed. On a fresh agent it can be a little before its creation.',
      ({ row }) => row.updatedAt,
    ),
    origin: text(
      'What made the agent: `user`, or `team` for a worker that a team made for itself. The platform calls it `source`.',
      ({ row }) => row.origin,
    ),
    editable: flag('Whether the user may change the agent.', ({ row }) => row.editable),
    dataId: text('A second id inside the agent; the platform addresses agents by the other one.', ({ row }) => {
      return row.dataId;
    }),
    systemPrompt: text('The system prompt.', ({ row }) => row.systemPrompt),
    contextConfig: object(contextConfigShape, 'How conversations are kept small.', ({ row }) => row.contextConfig),
    reactConfig: object(reactConfigShape, 'How the agent reasons and acts.', ({ row }) => row.reactConfig),
    inviteConfig: object(
      inviteConfigShape,
      'Whether teams may invite the agent; from version 2.0.4.',
      ({ row }) => row.inviteConfig,
    ),
  },
};

const membershipShape: ObjectShape<Membership> = {
  name: 'AgentScopeMembership',
  description: 'How an agent belongs to a team.',
  fields: {
    ownerId: text('The id of the user who owns the agent.', (membership) => membership.ownerId),
    agentId: text('The id of the agent.', (membership) => membership.agentId),
    sessionId: text(
      'The id of the session in which the agent works for the team.',
      (membership) => membership.sessionId,
    ),
    role: text('`created` by the team, or `invited` to it.', (membership) => membership.role),
  },
};

export const teamShape: ObjectShape<AgentScopeTeamRecord> = {
  name: 'AgentScopeTeam',
  description:
    'A team that a session of its leader has made. The platform shows it only on the sessions of its agents.',
  fields: {
    user: user('The user who owns the team.', ({ row }) => row.userId),
    createdAt: time('When the team was made.', (team) => team.createdAt),
    updatedAt: time('When the team was last changed.', ({ row }) => row.updatedAt),
    leaderAgentId: text('The id of the agent that leads the team, where the platform tells.', ({ row }) => {
      return row.leaderAgentId;
    }),
    leaderSessionId: text('The id of the session that leads the team, even when it is gone.', ({ row }) => {
      return row.leaderSessionId;
    }),
    leaderSession: entity('session', 'The session that leads the team.', ({ row }) => row.leaderSession),
    memberIds: texts(
      'The ids of the agents the platform counts as members; some may be gone, and are then not among `members`.',
      ({ row }) => row.memberIds,
    ),
    memberships: objects(
      membershipShape,
      'How each agent belongs to the team; from version 2.0.4, empty before.',
      ({ row }) => row.memberships,
    ),
  },
};
