import { z } from 'zod';

// Only what is used, and leniently: absent, null and empty texts are the same, types are open texts, new properties pass.
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
// Texts nearly everywhere; seconds in the workflow sessions of 2.3 and in messages.
const time = z.union([z.string(), z.number()]).nullable().default(null);
// Free-form, or of a type the platform does not document.
const json = z.unknown().default(null);

function list<Item extends z.ZodType>(item: Item) {
  return z
    .array(item)
    .nullish()
    .transform((items) => items ?? []);
}

export const message = z.object({
  id: text,
  role: text,
  content: json,
  created_at: time,
  from_history: flag,
  stop_after_tool_call: flag,
  tool_calls: json,
});

/** A row of a list, or the single session: the two share their names. */
export const session = z.object({
  session_id: id,
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
  chat_history: list(message),
});

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
});

export const step = z.object({
  name: text,
  type: text,
  agent: component.nullable().default(null),
  team: component.nullable().default(null),
  steps: list(z.unknown()),
  else_steps: list(z.unknown()),
});

export const info = z.object({ agno_version: text });

export type Message = z.infer<typeof message>;
export type Session = z.infer<typeof session>;
export type SessionPage = z.infer<typeof sessionPage>;
export type Component = z.infer<typeof component>;
export type ComponentList = z.infer<typeof componentList>;
export type Workflow = z.infer<typeof workflow>;
