import { z } from 'zod';
import { UpstreamError } from '../../domain/errors.ts';
import { parseInstant } from '../../domain/instant.ts';
import * as sent from '../sent.ts';
import { int, type ObjectShape, object, objects, text, time } from '../shape.ts';
import * as wire from '../wire.ts';
import { message, messageShape, type Zoned } from './message.ts';

const replyContext = sent.part('AgentScopeReplyContext', 'The current reply of the agent; from version 2.0.5.', {
  reply_id: sent.text('The id of the reply.'),
  cur_iter: sent.int('How many rounds of reasoning and acting the reply has taken so far.'),
  structured_schema: sent.json('The schema that the reply must follow, if any.'),
  structured_output: sent.json('The reply as structured data, if it must follow a schema.'),
});

const permissionContext = sent.part(
  'AgentScopePermissionContext',
  'What the agent may do in a session without asking.',
  {
    mode: sent.text('The mode: `default`, `accept_edits`, `explore`, `bypass` or `dont_ask`.'),
    working_directories: sent.json('The directories that the agent may work in.'),
    allow_rules: sent.json('What each tool may do without asking.'),
    deny_rules: sent.json('What each tool must not do.'),
    ask_rules: sent.json('What each tool may do only after asking the user.'),
  },
);

const cachedFile = sent.part('AgentScopeCachedFile', 'A file that the agent has read, with its content at that time.', {
  file_path: sent.text('The path of the file.'),
  lines: sent.texts('The lines of the file.'),
  bytes: sent.float('The size of the lines, in units of 1,024 bytes.'),
  updated_at: sent.unixTime("The file's modification time when the agent read it."),
});

const toolColumns = {
  max_cache_files: sent.int('Maximum number of files in `readFileCache`.'),
  max_cache_bytes: sent.float('Maximum size of the files in `readFileCache` together, in units of 1,024 bytes.'),
  // Large: read by `cachedFile` when it is asked for.
  read_file_cache: z.unknown().optional(),
  activated_groups: sent.texts('The names of the tool groups that are switched on.'),
};

const toolContext = sent.schemaOf(toolColumns);

const taskColumns = {
  id: sent.text('The id of the task.'),
  subject: sent.text('The task in a few words.'),
  description: sent.text('The task in full.'),
  metadata: sent.json('Free-form data about the task.'),
  created_at: wire.text,
  state: sent.text('The state of the task: `pending`, `in_progress` or `completed`.'),
  owner: sent.text('Who works on the task.'),
  blocks: sent.texts('The ids of the tasks that wait for this one.'),
  blocked_by: sent.texts('The ids of the tasks that this one waits for.'),
};

const task = sent.schemaOf(taskColumns);

const tasksContext = z.object({ tasks: wire.list(task) });

const columns = {
  session_id: sent.text('An id of the state; it is not the id of the session.'),
  summary: sent.json(
    'The summary of the conversation so far: a text, or an array of content blocks; empty from version 2.0.6.',
  ),
  // Large: read by `message` when it is asked for.
  context: z.unknown().optional(),
  reply_id: wire.text,
  cur_iter: wire.number,
  reply_context: sent.object(replyContext, 'The current reply in full; from version 2.0.5.'),
  permission_context: sent.object(permissionContext, 'What the agent may do without asking.'),
  tool_context: wire.nullable(toolContext),
  tasks_context: wire.nullable(tasksContext),
  middle_context: sent.json('What middleware remembers, free-form; from version 2.0.3.'),
};

const state = sent.schemaOf(columns);

const messages = wire.list(message);
const cachedFiles = wire.list(cachedFile.schema);

/** A part of a state, with what it takes to read what is below it. */
interface Part<Row> extends Zoned<Row> {
  readonly sourceId: string;
}

/** A state can be a whole conversation, so it stays as it was sent until somebody asks for it. */
export function readState({ row: stored, ...of }: Part<unknown>): Part<z.infer<typeof state>> | null {
  return stored === null || stored === undefined ? null : { ...of, row: parse(state, stored, of.sourceId) };
}

/** What is read late is still an answer of the platform: if it is of another shape, that field fails, and no other. */
function parse<Schema extends z.ZodType>(schema: Schema, stored: unknown, sourceId: string): z.infer<Schema> {
  const result = schema.safeParse(stored);
  if (result.success) return result.data;
  throw new UpstreamError(sourceId, 'UPSTREAM_BAD_RESPONSE', { cause: result.error });
}

const toolContextShape: ObjectShape<Part<z.infer<typeof toolContext>>> = {
  name: 'AgentScopeToolContext',
  description: 'What the tools of a session remember.',
  fields: sent.fieldsOf(toolColumns, sent.rowOf, {
    readFileCache: objects(
      cachedFile.shape,
      'The files that the agent has read; always empty from version 2.0.6.',
      ({ row, sourceId }) => parse(cachedFiles, row.read_file_cache, sourceId),
    ),
  }),
};

const taskShape: ObjectShape<Zoned<z.infer<typeof task>>> = {
  name: 'AgentScopeTask',
  description: 'A task of the plan that the agent follows in a session.',
  fields: sent.fieldsOf(taskColumns, sent.rowOf, {
    createdAt: time('When the task was created.', ({ row, timezone }) => parseInstant(row.created_at, timezone)),
  }),
};

const tasksContextShape: ObjectShape<Zoned<z.infer<typeof tasksContext>>> = {
  name: 'AgentScopeTasksContext',
  description: 'The plan that the agent follows in a session.',
  fields: {
    tasks: objects(taskShape, 'The tasks of the plan.', ({ row, timezone }) => {
      return row.tasks.map((each) => ({ row: each, timezone }));
    }),
  },
};

export const stateShape: ObjectShape<Part<z.infer<typeof state>>> = {
  name: 'AgentScopeState',
  description: 'What the agent remembers in a session.',
  fields: sent.fieldsOf(columns, sent.rowOf, {
    context: objects(
      messageShape,
      'The conversation as the model remembers it: shortened when it is long, and always empty from version 2.0.6. The conversation itself is `messages` of the session.',
      ({ row, timezone, sourceId }) => parse(messages, row.context, sourceId).map((each) => ({ row: each, timezone })),
    ),
    replyId: text('The id of the current reply.', ({ row }) => row.reply_id ?? row.reply_context?.reply_id ?? null),
    curIter: int('How many rounds of reasoning and acting the current reply has taken so far.', ({ row }) => {
      return row.cur_iter ?? row.reply_context?.cur_iter ?? null;
    }),
    toolContext: object(toolContextShape, 'What the tools remember.', ({ row, ...of }) => {
      return row.tool_context === null ? null : { ...of, row: row.tool_context };
    }),
    tasksContext: object(tasksContextShape, 'The plan that the agent follows.', ({ row, ...of }) => {
      return row.tasks_context === null ? null : { ...of, row: row.tasks_context };
    }),
  }),
};
