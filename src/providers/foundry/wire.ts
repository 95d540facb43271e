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
const number = z.number().nullable().default(null);
const flag = z.boolean().nullable().default(null);
// Free-form, or of a type the platform does not document.
const json = z.unknown().default(null);

export const versionIndicator = z.object({ type: text, agent_version: text });

export const session = z.object({
  agent_session_id: id,
  version_indicator: versionIndicator.nullable().default(null),
  status: text,
  created_at: number,
  last_accessed_at: number,
  expires_at: number,
  stopped_at: number,
});

export const protocolVersion = z.object({ protocol: text, version: text });

export const definition = z.object({
  kind: text,
  model: text,
  cpu: text,
  memory: text,
  environment_variables: json,
  container_configuration: json,
  code_configuration: json,
  protocol_versions: z.array(protocolVersion).nullable().default(null),
  session_configuration: z.object({ idle_timeout_seconds: number }).nullable().default(null),
  telemetry_config: json,
});

export const agentVersion = z.object({
  object: text,
  id: text,
  version: id,
  description: text,
  metadata: json,
  created_at: number,
  definition: definition.nullable().default(null),
  draft: flag,
  status: text,
  instance_identity: json,
  blueprint: json,
  agent_guid: text,
});

export const agentEndpoint = z.object({
  version_selector: json,
  protocol_configuration: json,
  authorization_schemes: json,
});

export const agent = z.object({
  object: text,
  id: text,
  name: id,
  versions: z
    .object({ latest: agentVersion.nullable().default(null) })
    .nullable()
    .default(null),
  state: text,
  configuration_state: json,
  state_source: json,
  agent_endpoint: agentEndpoint.nullable().default(null),
  instance_identity: json,
  blueprint: json,
  blueprint_reference: json,
  agent_card: json,
  digital_worker_type: json,
});

function page<Row extends z.ZodType>(row: Row) {
  return (
    z
      .object({
        data: z.array(row),
        last_id: text,
        has_more: flag,
        pagination_token: text,
      })
      // Older deployments page by a token instead: reading on by id would end after one page and look complete.
      .refine((answer) => answer.has_more !== null || answer.pagination_token === null)
  );
}

export const sessionPage = page(session);
export const agentPage = page(agent);
export const agentVersionPage = page(agentVersion);

export type Session = z.infer<typeof session>;
export type Definition = z.infer<typeof definition>;
export type AgentVersion = z.infer<typeof agentVersion>;
export type AgentEndpoint = z.infer<typeof agentEndpoint>;
export type Agent = z.infer<typeof agent>;
export type SessionPage = z.infer<typeof sessionPage>;
export type AgentPage = z.infer<typeof agentPage>;
export type AgentVersionPage = z.infer<typeof agentVersionPage>;
