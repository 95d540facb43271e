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
const reference = text.refine((value) => value === null || value.isWellFormed());
const number = z.number().nullable().default(null);
const flag = z.boolean().nullable().default(null);
const texts = z.array(z.string()).nullable().default(null);
// Free-form, or of a type the platform does not document.
const json = z.unknown().default(null);

export const capability = z.object({ ref: text, config: json });

export const usage = z.object({
  input_tokens: number,
  output_tokens: number,
  cache_read_tokens: number,
  cache_creation_tokens: number,
});

export const session = z.object({
  id,
  organization_id: text,
  agent_id: reference,
  title: text,
  preview: text,
  output_preview: text,
  tags: texts,
  model_id: text,
  capabilities: z.array(capability).nullable().default(null),
  tools: json,
  status: text,
  created_at: text,
  updated_at: text,
  started_at: text,
  finished_at: text,
  usage: usage.nullable().default(null),
  harness_id: text,
  workspace_id: text,
  owner_principal_id: text,
  locale: text,
  is_pinned: flag,
  features: json,
  parent_session_id: reference,
  self_url: text,
  view_url: text,
});

export const sessionPage = z.object({ data: z.array(session), total: z.int().min(0) });

export const agent = z.object({
  id,
  name: text,
  description: text,
  system_prompt: text,
  default_model_id: text,
  tags: texts,
  capabilities: z.array(capability).nullable().default(null),
  tools: json,
  status: text,
  created_at: text,
  updated_at: text,
  usage: usage.nullable().default(null),
  session_count: number,
  app_count: number,
  self_url: text,
  view_url: text,
});

// Without a total it is the whole list, as earlier versions send it.
export const agentPage = z.object({ data: z.array(agent), total: z.int().min(0).nullable().default(null) });

export type Capability = z.infer<typeof capability>;
export type Usage = z.infer<typeof usage>;
export type Session = z.infer<typeof session>;
export type SessionPage = z.infer<typeof sessionPage>;
export type Agent = z.infer<typeof agent>;
export type AgentPage = z.infer<typeof agentPage>;
