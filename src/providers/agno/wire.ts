import { z } from 'zod';
import { messageWire } from './message.ts';
import { flag, id, json, list, number, reference, text, time } from './read.ts';

/** A row of a list, or the single session: the two share their names. */
export const session = z.object({
  session_id: id,
  /** Of the single session of an agent only. */
  agent_session_id: text,
  session_name: text,
  session_type: text,
  session_state: json,
  created_at: time,
  updated_at: time,
  user_id: text,
  agent_id: reference,
  team_id: reference,
  workflow_id: reference,
  session_summary: json,
  metrics: json,
  metadata: json,
  total_tokens: number,
  agent_data: json,
  team_data: json,
  workflow_data: json,
  workflow_name: text,
  session_data: json,
  /** Always there of agents and teams, never of workflows. */
  chat_history: z.array(messageWire).nullable().default(null),
});

/** What the platform keeps of a workflow session; agents and teams tell the same beside it. */
export const sessionData = z.object({ session_metrics: json });

export const tokenCounts = z.object({ total_tokens: z.number() });

export const sessionPage = z.object({ data: z.array(session), meta: z.object({ total_count: z.number() }) });

/** An agent or a team: inside a team nothing but what it holds tells which. */
export const component = z.object({
  id: reference,
  name: reference,
  db_id: text,
  description: text,
  role: text,
  mode: text,
  model: z.object({ name: text, model: text, provider: text }).nullable().default(null),
  tools: z
    .object({ tools: list(z.unknown()), tool_call_limit: number, tool_choice: json })
    .nullable()
    .default(null),
  sessions: json,
  knowledge: json,
  memory: json,
  reasoning: json,
  default_tools: json,
  system_message: json,
  extra_messages: json,
  response_settings: json,
  introduction: text,
  streaming: json,
  metadata: json,
  input_schema: json,
  factory_input_schema: json,
  is_factory: flag,
  is_component: flag,
  current_version: number,
  stage: text,
  sandboxed: flag,
  filesystem: flag,
  get members() {
    return z.array(component).nullish();
  },
});

/** What is listed has an id, or at least the name that the platform makes ids of. */
export const componentList = z.array(component.refine((row) => row.id !== null || row.name !== null));

export const workflow = z.object({
  id,
  name: text,
  db_id: text,
  description: text,
  input_schema: json,
  steps: list(z.unknown()),
  metadata: json,
  workflow_agent: flag,
  factory_input_schema: json,
  is_factory: flag,
  is_component: flag,
  current_version: number,
  stage: text,
  sandboxed: flag,
});

export const workflowList = z.array(workflow);

export const step = z.object({
  name: text,
  type: text,
  agent: component.nullable().default(null),
  team: component.nullable().default(null),
  steps: list(z.unknown()),
  else_steps: list(z.unknown()),
});

export const info = z.object({ agno_version: text });

export type Session = z.infer<typeof session>;
export type SessionPage = z.infer<typeof sessionPage>;
export type Component = z.infer<typeof component>;
export type ComponentList = z.infer<typeof componentList>;
export type Workflow = z.infer<typeof workflow>;
