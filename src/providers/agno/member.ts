import { z } from 'zod';
import { encodeKey } from '../key.ts';
import { type FieldShape, int, json, type ObjectShape, object, text } from '../shape.ts';
import * as wire from '../wire.ts';
import { componentFields, componentRow } from './component.ts';

const modelRow = z.object({ name: wire.text, model: wire.text, provider: wire.text });

const toolsRow = z.object({
  tools: wire.list(z.unknown()),
  tool_call_limit: wire.number,
  tool_choice: wire.json,
});

/** An agent or a team. Where one is embedded, only its content shows which of the two it is. */
export const memberRow = componentRow.extend({
  id: wire.reference,
  name: wire.reference,
  role: wire.text,
  mode: wire.text,
  model: wire.nullable(modelRow),
  tools: wire.nullable(toolsRow),
  sessions: wire.json,
  knowledge: wire.json,
  memory: wire.json,
  reasoning: wire.json,
  default_tools: wire.json,
  system_message: wire.json,
  extra_messages: wire.json,
  response_settings: wire.json,
  introduction: wire.text,
  streaming: wire.json,
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

const modelShape: ObjectShape<z.infer<typeof modelRow>> = {
  name: 'AgnoModelConfig',
  description: 'The model of an agent or team.',
  fields: {
    name: text('The name of the class of the model, such as `OpenAIChat`.', (row) => row.name),
    model: text('The id of the model, such as `gpt-4o`.', (row) => row.model),
    provider: text('The provider of the model, such as `OpenAI`.', (row) => row.provider),
  },
};

const toolsShape: ObjectShape<z.infer<typeof toolsRow>> = {
  name: 'AgnoTools',
  description: 'The tools of an agent or team.',
  fields: {
    tools: json('The tools with the schemas of their parameters, as the platform sends them.', (row) => row.tools),
    toolCallLimit: int('The maximum number of tool calls in one run.', (row) => row.tool_call_limit),
    toolChoice: json('Whether a tool must be called, and which.', (row) => row.tool_choice),
  },
};

export const nonDefault = "Only values that differ from the platform's defaults.";

export const memberFields: Readonly<Record<string, FieldShape<{ readonly row: MemberRow }>>> = {
  dbId: text('The id of its database.', ({ row }) => row.db_id),
  role: text('Its role in the team that it is a member of.', ({ row }) => row.role),
  modelConfig: object(modelShape, 'Its model.', ({ row }) => row.model),
  tools: object(toolsShape, 'Its tools.', ({ row }) => row.tools),
  sessionSettings: json(`Settings for sessions. The platform calls them \`sessions\`. ${nonDefault}`, ({ row }) => {
    return row.sessions;
  }),
  knowledge: json(`Settings for knowledge. ${nonDefault}`, ({ row }) => row.knowledge),
  memory: json(`Settings for memory. ${nonDefault}`, ({ row }) => row.memory),
  reasoning: json(`Settings for reasoning. ${nonDefault}`, ({ row }) => row.reasoning),
  defaultTools: json(`Settings for built-in tools. ${nonDefault}`, ({ row }) => row.default_tools),
  systemMessage: json(`The system message, including the instructions. ${nonDefault}`, ({ row }) => row.system_message),
  responseSettings: json(`Settings for responses. ${nonDefault}`, ({ row }) => row.response_settings),
  introduction: text('The message with which it introduces itself.', ({ row }) => row.introduction),
  streaming: json(`Settings for streaming. ${nonDefault}`, ({ row }) => row.streaming),
  metadata: json('Free-form data about it.', ({ row }) => row.metadata),
  inputSchema: json('The JSON Schema of its input.', ({ row }) => row.input_schema),
  ...componentFields,
};
