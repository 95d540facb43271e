import { z } from 'zod';
import { parseInstant } from '../../domain/instant.ts';
import type { AgentRecord } from '../../domain/records.ts';
import { encodeKey } from '../key.ts';
import { float, json, type ObjectShape, object, objects, text, texts, time } from '../shape.ts';
import * as wire from '../wire.ts';
import { capability, capabilityShape } from './capability.ts';
import { usage, usageShape } from './usage.ts';

export const agentRow = z.object({
  id: wire.id,
  name: wire.text,
  description: wire.text,
  system_prompt: wire.text,
  default_model_id: wire.text,
  tags: wire.texts,
  capabilities: wire.list(capability),
  tools: wire.json,
  status: wire.text,
  created_at: wire.text,
  updated_at: wire.text,
  usage: wire.nullable(usage),
  session_count: wire.number,
  app_count: wire.number,
  self_url: wire.text,
  view_url: wire.text,
});

// An answer without a total holds the whole list: earlier versions do not page.
export const agentPage = z.object({ data: z.array(agentRow), total: wire.nullable(z.int().min(0)) });

export type AgentRow = z.infer<typeof agentRow>;
export type AgentPage = z.infer<typeof agentPage>;
export type EverrunsAgentRecord = AgentRecord<AgentRow>;

export function toAgent(row: AgentRow, sourceId: string): EverrunsAgentRecord {
  return {
    sourceId,
    provider: 'everruns',
    key: encodeKey(row.id),
    nativeId: row.id,
    name: row.name,
    description: row.description,
    // An agent only has the id of a model, which names an entry in the platform's own list.
    model: null,
    createdAt: parseInstant(row.created_at),
    row,
  };
}

export const agentShape: ObjectShape<EverrunsAgentRecord> = {
  name: 'EverrunsAgent',
  description: 'An agent on Everruns. Lists contain active agents only; look up an archived agent by its id.',
  fields: {
    systemPrompt: text('The instructions of the agent.', ({ row }) => row.system_prompt),
    defaultModelId: text(
      "The id of the agent's model on the platform. It is not the name that the maker of the model uses.",
      ({ row }) => row.default_model_id,
    ),
    tags: texts('Tags that organize agents.', ({ row }) => row.tags),
    capabilities: objects(capabilityShape, 'What the agent can do.', ({ row }) => row.capabilities),
    tools: json('Tools that the clients of the agent provide.', ({ row }) => row.tools),
    status: text('The state of the agent as the platform spells it: `active` or `archived`.', ({ row }) => row.status),
    updatedAt: time('When the agent was last changed.', ({ row }) => parseInstant(row.updated_at)),
    usage: object(usageShape, 'Tokens used by the agent. Null when it has used none.', ({ row }) => row.usage),
    sessionCount: float(
      'The number of sessions of the agent. Null when the platform does not count them.',
      ({ row }) => row.session_count,
    ),
    appCount: float(
      'The number of apps that use the agent. Null when the platform does not count them.',
      ({ row }) => row.app_count,
    ),
    selfUrl: text("The URL of the agent in the platform's API.", ({ row }) => row.self_url),
    viewUrl: text('The URL where people can view the agent.', ({ row }) => row.view_url),
  },
};
