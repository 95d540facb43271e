import { z } from 'zod';
import { encodeKey } from '../key.ts';
import * as sent from '../sent.ts';
import * as wire from '../wire.ts';
import { component } from './component.ts';

const model = sent.part('AgnoModelConfig', 'The model of an agent or team.', {
  name: sent.text('The name of the class of the model, such as `OpenAIChat`.'),
  model: sent.text('The id of the model, such as `gpt-4o`.'),
  provider: sent.text('The provider of the model, such as `OpenAI`.'),
});

const toolSet = sent.part('AgnoTools', 'The tools of an agent or team.', {
  tools: {
    ...sent.json('The tools with the schemas of their parameters, as the platform sends them.'),
    wire: wire.list(z.unknown()),
  },
  tool_call_limit: sent.int('The maximum number of tool calls in one run.'),
  tool_choice: sent.json('Whether a tool must be called, and which.'),
});

export const nonDefault = "Only values that differ from the platform's defaults.";

const member = {
  db_id: sent.text('The id of its database.'),
  role: sent.text('Its role in the team that it is a member of.'),
  model: sent.named('modelConfig', sent.object(model, 'Its model.')),
  tools: sent.object(toolSet, 'Its tools.'),
  sessions: sent.named(
    'sessionSettings',
    sent.json(`Settings for sessions. The platform calls them \`sessions\`. ${nonDefault}`),
  ),
  knowledge: sent.json(`Settings for knowledge. ${nonDefault}`),
  memory: sent.json(`Settings for memory. ${nonDefault}`),
  reasoning: sent.json(`Settings for reasoning. ${nonDefault}`),
  default_tools: sent.json(`Settings for built-in tools. ${nonDefault}`),
  system_message: sent.json(`The system message, including the instructions. ${nonDefault}`),
  response_settings: sent.json(`Settings for responses. ${nonDefault}`),
  introduction: sent.text('The message with which it introduces itself.'),
  streaming: sent.json(`Settings for streaming. ${nonDefault}`),
  metadata: sent.json('Free-form data about it.'),
  input_schema: sent.json('The JSON Schema of its input.'),
  ...component,
};

export const memberFields = sent.fieldsOf(member, sent.rowOf<MemberRow>);

/** An agent or a team. Where one is embedded, only its content shows which of the two it is. */
export const memberRow = sent.schemaOf(member).extend({
  id: wire.reference,
  name: wire.reference,
  description: wire.text,
  mode: wire.text,
  extra_messages: wire.json,
  filesystem: wire.flag,
  get members() {
    return z.array(memberRow).nullish();
  },
});

/** A listed agent or team has an id, or at least a name, from which the platform makes ids. */
export const memberRows = z.array(memberRow.refine((row) => memberIdOf(row) !== null));

export type MemberRow = z.infer<typeof memberRow>;

/** An embedded agent or team may lack its id. Then it is the one that the platform makes from the name. */
export function memberIdOf({ id, name }: Pick<MemberRow, 'id' | 'name'>): string | null {
  return id ?? name?.toLowerCase().replaceAll(/[ _]/g, '-') ?? null;
}

/** What the records of agents and teams have in common. Null without an id and a name: nothing can refer to it. */
export function toMemberRecord(row: MemberRow, sourceId: string) {
  const nativeId = memberIdOf(row);
  if (nativeId === null) return null;
  const { name, description } = row;
  return { sourceId, provider: 'agno', key: encodeKey(nativeId), nativeId, name, description, createdAt: null, row };
}

/** Agents have neither. A team without members still has a mode, except in versions that do not send one. */
export function isTeam({ mode, members = null }: MemberRow): boolean {
  return mode !== null || members !== null;
}
