import { z } from 'zod';
import { parseInstant } from '../../domain/instant.ts';
import type { AgentRecord } from '../../domain/records.ts';
import { encodeKey } from '../key.ts';
import type { SourceConfig } from '../provider.ts';
import * as sent from '../sent.ts';
import { type ObjectShape, time, user } from '../shape.ts';
import * as wire from '../wire.ts';
import type { AgentScopeSettings } from './settings.ts';

const contextConfig = sent.part(
  'AgentScopeContextConfig',
  "How an agent keeps its conversations within the limits of its model's context window.",
  {
    trigger_ratio: sent.float('The share of the context, from 0 to 1, that triggers a summary.'),
    reserve_ratio: sent.float('The share of the context, from 0 to 1, that is not summarized.'),
    context_buffer_ratio: sent.float(
      'How far below `triggerRatio` the agent is warned that a summary is near, from 0 to 1; from version 2.0.8.',
    ),
    compression_tool_enabled: sent.flag('Whether the agent may request the summary itself; from version 2.0.8.'),
    compression_fallback_to_truncation: sent.flag(
      'Whether old messages are dropped if the summary fails; from version 2.0.8.',
    ),
    compression_prompt: sent.text('The prompt that asks for the summary.'),
    summary_template: sent.text('The template that puts the summary into the conversation.'),
    summary_schema: sent.json('The JSON Schema of the summary.'),
    tool_result_limit: sent.int('Maximum number of tokens kept of a tool result.'),
    max_image_num: sent.int('Maximum number of images kept, in versions that limit them.'),
  },
);

const reactConfig = sent.part('AgentScopeReactConfig', 'How an agent reasons and acts.', {
  max_iters: sent.int('Maximum number of rounds of reasoning and acting in one reply.'),
  structured_output_grace_iters: sent.int(
    'Number of extra rounds that a reply may take to answer with structured data; from version 2.0.6.',
  ),
  stop_on_reject: sent.flag('Whether the reply ends when the user rejects a tool call.'),
  interruption_message: sent.text('What the agent says when it is interrupted; from version 2.0.6.'),
  interruption_raise_cancelled_error: sent.flag(
    'Whether an interruption also cancels the code that called the agent; from version 2.0.6.',
  ),
});

const inviteConfig = sent.part('AgentScopeInviteConfig', 'Whether teams may invite an agent.', {
  invitable: sent.flag('Whether teams may invite the agent.'),
  invite_description: sent.text('What the agent is good at, for the team leader.'),
});

const chatConfig = {
  context_config: sent.object(
    contextConfig,
    "How the agent keeps its conversations within the limits of its model's context window.",
  ),
  react_config: sent.object(reactConfig, 'How the agent reasons and acts.'),
  invite_config: sent.object(inviteConfig, 'Whether teams may invite the agent; from version 2.0.4.'),
};

const data = {
  id: sent.named('dataId', sent.text('A second id; the platform does not find agents by it.')),
  name: wire.text,
  system_prompt: sent.text('The system prompt.'),
  ...chatConfig,
};

const columns = {
  id: wire.id,
  created_at: wire.text,
  user_id: wire.text,
  user: sent.below,
  updated_at: wire.text,
  source: sent.named(
    'origin',
    sent.text(
      'Who created the agent: `user`, or `team` for a worker that a team created for itself. The platform calls it `source`.',
    ),
  ),
  editable: sent.flag('Whether the user may change the agent.'),
  data: wire
    .section({ ...sent.schemaOf(data).shape, chat_config: wire.section(sent.schemaOf(chatConfig).shape) })
    // Up to 2.0.9 the settings are beside the name; from 2.0.10 they are in `chat_config`.
    .transform(({ chat_config: chat, ...data }) => ({
      ...data,
      context_config: chat.context_config ?? data.context_config,
      react_config: chat.react_config ?? data.react_config,
      invite_config: chat.invite_config ?? data.invite_config,
    })),
};

export const agent = sent.schemaOf(columns);

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
    createdAt: parseInstant(row.created_at, timezone),
    row: { ...row, timezone },
  };
}

export const agentShape: ObjectShape<AgentScopeAgentRecord> = {
  name: 'AgentScopeAgent',
  description: 'An agent of one AgentScope user. Its model is chosen for each session.',
  fields: {
    ...sent.fieldsOf(columns, sent.rowOf<AgentRow>, {
      user: user('The user who owns the agent.', ({ row }) => row.user_id),
      updatedAt: time(
        'When the agent was last changed. For a new agent this can be a few microseconds before `createdAt`.',
        ({ row }) => parseInstant(row.updated_at, row.timezone),
      ),
    }),
    ...sent.fieldsOf(data, ({ row }: { readonly row: AgentRow }) => row.data),
  },
};
