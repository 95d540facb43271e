import { z } from 'zod';
import type { AgentRecord } from '../../domain/records.ts';
import { encodeKey } from '../key.ts';
import type { SourceConfig } from '../provider.ts';
import { flag, float, int, json, type ObjectShape, object, text, time, user } from '../shape.ts';
import * as wire from '../wire.ts';
import { toInstant } from './instant.ts';
import type { AgentScopeSettings } from './settings.ts';

const contextConfig = z.object({
  trigger_ratio: wire.number,
  reserve_ratio: wire.number,
  context_buffer_ratio: wire.number,
  compression_prompt: wire.text,
  compression_tool_enabled: wire.flag,
  compression_fallback_to_truncation: wire.flag,
  summary_template: wire.text,
  summary_schema: wire.json,
  tool_result_limit: wire.number,
  max_image_num: wire.number,
});

const reactConfig = z.object({
  max_iters: wire.number,
  structured_output_grace_iters: wire.number,
  stop_on_reject: wire.flag,
  interruption_message: wire.text,
  interruption_raise_cancelled_error: wire.flag,
});

const inviteConfig = z.object({ invitable: wire.flag, invite_description: wire.text });

const chatConfig = {
  context_config: wire.nullable(contextConfig),
  react_config: wire.nullable(reactConfig),
  invite_config: wire.nullable(inviteConfig),
};

export const agent = z.object({
  id: wire.id,
  created_at: wire.text,
  updated_at: wire.text,
  user_id: wire.text,
  source: wire.text,
  editable: wire.flag,
  data: wire
    .section({
      id: wire.text,
      name: wire.text,
      system_prompt: wire.text,
      ...chatConfig,
      chat_config: wire.section(chatConfig),
    })
    // Up to 2.0.9 the settings are beside the name; from 2.0.10 they are in `chat_config`.
    .transform(({ chat_config: chat, ...data }) => ({
      ...data,
      context_config: chat.context_config ?? data.context_config,
      react_config: chat.react_config ?? data.react_config,
      invite_config: chat.invite_config ?? data.invite_config,
    })),
});

export const agentList = z.object({ agents: z.array(agent) });

export type Agent = z.infer<typeof agent>;
export type AgentList = z.infer<typeof agentList>;

interface AgentRow extends Agent {
  readonly timezone: string;
}

export type AgentScopeAgentRecord = AgentRecord<AgentRow>;

export function toAgent(
  row: Agent,
  { id: sourceId, settings: { timezone } }: SourceConfig<AgentScopeSettings>,
): AgentScopeAgentRecord {
  return {
    sourceId,
    provider: 'agentscope',
    key: encodeKey(row.id),
    nativeId: row.id,
    name: row.data.name,
    description: null,
    // Models belong to sessions here.
    model: null,
    createdAt: toInstant(row.created_at, timezone),
    row: { ...row, timezone },
  };
}

const contextConfigShape: ObjectShape<z.infer<typeof contextConfig>> = {
  name: 'AgentScopeContextConfig',
  description: "How an agent keeps its conversations within the limits of its model's context window.",
  fields: {
    triggerRatio: float('The share of the context, from 0 to 1, that triggers a summary.', (row) => row.trigger_ratio),
    reserveRatio: float('The share of the context, from 0 to 1, that is not summarized.', (row) => row.reserve_ratio),
    contextBufferRatio: float(
      'How far below `triggerRatio` the agent is warned that a summary is near, from 0 to 1; from version 2.0.8.',
      (row) => row.context_buffer_ratio,
    ),
    compressionToolEnabled: flag(
      'Whether the agent may request the summary itself; from version 2.0.8.',
      (row) => row.compression_tool_enabled,
    ),
    compressionFallbackToTruncation: flag(
      'Whether old messages are dropped if the summary fails; from version 2.0.8.',
      (row) => row.compression_fallback_to_truncation,
    ),
    compressionPrompt: text('The prompt that asks for the summary.', (row) => row.compression_prompt),
    summaryTemplate: text('The template that puts the summary into the conversation.', (row) => row.summary_template),
    summarySchema: json('The JSON Schema of the summary.', (row) => row.summary_schema),
    toolResultLimit: int('Maximum number of tokens kept of a tool result.', (row) => row.tool_result_limit),
    maxImageNum: int('Maximum number of images kept, in versions that limit them.', (row) => row.max_image_num),
  },
};

const reactConfigShape: ObjectShape<z.infer<typeof reactConfig>> = {
  name: 'AgentScopeReactConfig',
  description: 'How an agent reasons and acts.',
  fields: {
    maxIters: int('Maximum number of rounds of reasoning and acting in one reply.', (row) => row.max_iters),
    structuredOutputGraceIters: int(
      'Number of extra rounds that a reply may take to answer with structured data; from version 2.0.6.',
      (row) => row.structured_output_grace_iters,
    ),
    stopOnReject: flag('Whether the reply ends when the user rejects a tool call.', (row) => row.stop_on_reject),
    interruptionMessage: text('What the agent says when it is interrupted; from version 2.0.6.', (row) => {
      return row.interruption_message;
    }),
    interruptionRaiseCancelledError: flag(
      'Whether an interruption also cancels the code that called the agent; from version 2.0.6.',
      (row) => row.interruption_raise_cancelled_error,
    ),
  },
};

const inviteConfigShape: ObjectShape<z.infer<typeof inviteConfig>> = {
  name: 'AgentScopeInviteConfig',
  description: 'Whether teams may invite an agent.',
  fields: {
    invitable: flag('Whether teams may invite the agent.', (row) => row.invitable),
    inviteDescription: text('What the agent is good at, for the team leader.', (row) => row.invite_description),
  },
};

export const agentShape: ObjectShape<AgentScopeAgentRecord> = {
  name: 'AgentScopeAgent',
  description: 'An agent of one AgentScope user. Its model is chosen for each session.',
  fields: {
    user: user('The user who owns the agent.', ({ row }) => row.user_id),
    updatedAt: time(
      'When the agent was last changed. For a new agent this can be a few microseconds before `createdAt`.',
      ({ row }) => toInstant(row.updated_at, row.timezone),
    ),
    origin: text(
      'Who created the agent: `user`, or `team` for a worker that a team created for itself. The platform calls it `source`.',
      ({ row }) => row.source,
    ),
    editable: flag('Whether the user may change the agent.', ({ row }) => row.editable),
    dataId: text('A second id; the platform does not find agents by it.', ({ row }) => row.data.id),
    systemPrompt: text('The system prompt.', ({ row }) => row.data.system_prompt),
    contextConfig: object(
      contextConfigShape,
      "How the agent keeps its conversations within the limits of its model's context window.",
      ({ row }) => row.data.context_config,
    ),
    reactConfig: object(reactConfigShape, 'How the agent reasons and acts.', ({ row }) => row.data.react_config),
    inviteConfig: object(inviteConfigShape, 'Whether teams may invite the agent; from version 2.0.4.', ({ row }) => {
      return row.data.invite_config;
    }),
  },
};
