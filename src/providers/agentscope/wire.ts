import { z } from 'zod';

// Only what is used, and leniently: absent, null and empty texts are the same, states are open texts, new properties pass.
// A row without its id is not skipped but fails the answer: a list that loses rows in silence is worse than none.
const id = z
  .string()
  .min(1)
  .refine((value) => value.isWellFormed());
const text = z
  .string()
  .nullish()
  .transform((value) => (value === undefined || value === '' ? null : value));
// The id of another thing, for which a key is made of it.
const reference = text.refine((value) => value === null || value.isWellFormed());
const number = z.number().nullable().default(null);
const flag = z.boolean().nullable().default(null);
// Free-form, or of a type the platform does not document.
const json = z.unknown().default(null);

function list<Item extends z.ZodType>(item: Item) {
  return z
    .array(item)
    .nullish()
    .transform((items) => items ?? []);
}

export const chatModelConfig = z.object({
  type: text,
  credential_id: text,
  model: text,
  model_class: text,
  parameters: json,
});

export const sessionConfig = z.object({
  workspace_id: text,
  name: text,
  cwd: text,
  chat_model_config: chatModelConfig.nullable().default(null),
  fallback_chat_model_config: chatModelConfig.nullable().default(null),
  naming: z.object({ auto: flag }).nullable().default(null),
  tts_model_config: json,
  realtime_model_config: json,
  knowledge_config: json,
});

const origin = z.object({
  type: text,
  schedule_id: text,
  channel_id: text,
  chat_id: text,
  chat_name: text,
  channel_user_id: text,
  sop_run_id: text,
  session_key: text,
});

export const sessionRecord = z.object({
  id,
  created_at: text,
  updated_at: text,
  user_id: text,
  agent_id: reference,
  origin: origin.nullable().default(null),
  source: text,
  source_schedule_id: text,
  source_chat_id: text,
  source_chat_name: text,
  source_channel_id: text,
  team_id: text,
  config: sessionConfig.nullable().default(null),
  // Whole conversations up to 2.0.5: neither copied nor looked at before somebody asks; see `state` below.
  state: z.unknown().optional(),
});

const agentSettings = {
  context_config: z
    .object({
      trigger_ratio: number,
      reserve_ratio: number,
      context_buffer_ratio: number,
      compression_prompt: text,
      compression_tool_enabled: flag,
      compression_fallback_to_truncation: flag,
      summary_template: text,
      summary_schema: json,
      tool_result_limit: number,
      max_image_num: number,
    })
    .nullable()
    .default(null),
  react_config: z
    .object({
      max_iters: number,
      structured_output_grace_iters: number,
      stop_on_reject: flag,
      interruption_message: text,
      interruption_raise_cancelled_error: flag,
    })
    .nullable()
    .default(null),
  invite_config: z.object({ invitable: flag, invite_description: text }).nullable().default(null),
};

export const agent = z.object({
  id,
  created_at: text,
  updated_at: text,
  user_id: text,
  source: text,
  editable: flag,
  data: z
    .object({
      id: text,
      name: text,
      system_prompt: text,
      ...agentSettings,
      // From 2.0.10 the settings are in here.
      chat_config: z.object(agentSettings).nullable().default(null),
    })
    .nullable()
    .default(null),
});

export const teamView = z.object({
  team: z.object({
    id,
    created_at: text,
    updated_at: text,
    user_id: text,
    session_id: reference,
    leader_agent_id: text,
    data: z
      .object({
        name: text,
        description: text,
        member_ids: list(z.string()),
        members: list(z.object({ owner_id: text, agent_id: text, session_id: text, role: text })),
      })
      .nullable()
      .default(null),
  }),
  leader_agent: agent.nullable().default(null),
  members: list(z.object({ agent: agent.nullable().default(null), session_id: reference })),
});

const view = z.object({
  session: sessionRecord,
  is_running: flag,
  status: text,
  team: teamView.nullable().default(null),
});

/** 2.0.0 answers bare records, later versions views around them; a source may change its version between two requests. */
export const sessionView = z.preprocess((row) => (isObject(row) && 'session' in row ? row : { session: row }), view);

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

export const sessionList = z.object({
  sessions: z.array(sessionView),
  total: z.int().nullable().default(null).catch(null),
});

export const agentList = z.object({ agents: z.array(agent) });

export const contentBlock = z.object({ type: text, id: text, text });

export const message = z.object({
  id: text,
  name: text,
  role: text,
  content: json,
  metadata: json,
  created_at: text,
  finished_at: text,
  usage: z.object({ input_tokens: number, output_tokens: number }).nullable().default(null),
  finished_reason: text,
  structured_output: json,
  error: json,
});

export const cachedFile = z.object({ file_path: text, lines: list(z.string()), bytes: number, updated_at: number });

export const replyContext = z.object({
  reply_id: text,
  cur_iter: number,
  structured_schema: json,
  structured_output: json,
});

export const permissionContext = z.object({
  mode: text,
  working_directories: json,
  allow_rules: json,
  deny_rules: json,
  ask_rules: json,
});

export const toolContext = z.object({
  max_cache_files: number,
  max_cache_bytes: number,
  // Large: read by `cachedFile` when it is asked for.
  read_file_cache: z.unknown().optional(),
  activated_groups: list(z.string()),
});

export const task = z.object({
  id: text,
  subject: text,
  description: text,
  metadata: json,
  created_at: text,
  state: text,
  owner: text,
  blocks: list(z.string()),
  blocked_by: list(z.string()),
});

export const state = z.object({
  session_id: text,
  summary: json,
  // Large: read by `message` when it is asked for.
  context: z.unknown().optional(),
  reply_id: text,
  cur_iter: number,
  reply_context: replyContext.nullable().default(null),
  permission_context: permissionContext.nullable().default(null),
  tool_context: toolContext.nullable().default(null),
  tasks_context: z
    .object({ tasks: list(task) })
    .nullable()
    .default(null),
  middle_context: json,
});

export const messages = list(message);
export const cachedFiles = list(cachedFile);

export type ChatModelConfig = z.infer<typeof chatModelConfig>;
export type SessionConfig = z.infer<typeof sessionConfig>;
export type SessionRecord = z.infer<typeof sessionRecord>;
export type SessionView = z.infer<typeof sessionView>;
export type SessionList = z.infer<typeof sessionList>;
export type Agent = z.infer<typeof agent>;
export type AgentList = z.infer<typeof agentList>;
export type TeamView = z.infer<typeof teamView>;
export type Message = z.infer<typeof message>;
export type CachedFile = z.infer<typeof cachedFile>;
export type ToolContext = z.infer<typeof toolContext>;
export type Task = z.infer<typeof task>;
