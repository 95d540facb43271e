import { z } from 'zod';
import { UpstreamError } from '../../domain/errors.ts';
import { instantFromSeconds } from '../../domain/instant.ts';
import { float, int, json, type ObjectShape, object, objects, text, texts, time } from '../shape.ts';
import * as wire from '../wire.ts';
import { toInstant, type Zoned } from './instant.ts';
import { message, messageShape } from './message.ts';

const replyContext = z.object({
  reply_id: wire.text,
  cur_iter: wire.number,
  structured_schema: wire.json,
  structured_output: wire.json,
});

const permissionContext = z.object({
  mode: wire.text,
  working_directories: wire.json,
  allow_rules: wire.json,
  deny_rules: wire.json,
  ask_rules: wire.json,
});

const cachedFile = z.object({
  file_path: wire.text,
  lines: wire.texts,
  bytes: wire.number,
  updated_at: wire.number,
});

const toolContext = z.object({
  max_cache_files: wire.number,
  max_cache_bytes: wire.number,
  // Large: read by `cachedFile` when it is asked for.
  read_file_cache: z.unknown().optional(),
  activated_groups: wire.texts,
});

const task = z.object({
  id: wire.text,
  subject: wire.text,
  description: wire.text,
  metadata: wire.json,
  created_at: wire.text,
  state: wire.text,
  owner: wire.text,
  blocks: wire.texts,
  blocked_by: wire.texts,
});

const tasksContext = z.object({ tasks: wire.list(task) });

const state = z.object({
  session_id: wire.text,
  summary: wire.json,
  // Large: read by `message` when it is asked for.
  context: z.unknown().optional(),
  reply_id: wire.text,
  cur_iter: wire.number,
  reply_context: wire.nullable(replyContext),
  permission_context: wire.nullable(permissionContext),
  tool_context: wire.nullable(toolContext),
  tasks_context: wire.nullable(tasksContext),
  middle_context: wire.json,
});

const messages = wire.list(message);
const cachedFiles = wire.list(cachedFile);

/** A part of a state, with what it takes to read what is below it. */
interface Part<Row> extends Zoned<Row> {
  readonly sourceId: string;
}

/** A state can be a whole conversation, so it stays as it was sent until somebody asks for it. */
export function readState({ row: sent, ...of }: Part<unknown>): Part<z.infer<typeof state>> | null {
  return sent === null || sent === undefined ? null : { ...of, row: parse(state, sent, of.sourceId) };
}

/** What is read late is still an answer of the platform: if it is of another shape, that field fails, and no other. */
function parse<Schema extends z.ZodType>(schema: Schema, sent: unknown, sourceId: string): z.infer<Schema> {
  const result = schema.safeParse(sent);
  if (result.success) return result.data;
  throw new UpstreamError(sourceId, 'UPSTREAM_BAD_RESPONSE', { cause: result.error });
}

const replyContextShape: ObjectShape<z.infer<typeof replyContext>> = {
  name: 'AgentScopeReplyContext',
  description: 'The current reply of the agent; from version 2.0.5.',
  fields: {
    replyId: text('The id of the reply.', (row) => row.reply_id),
    curIter: int('How many rounds of reasoning and acting the reply has taken so far.', (row) => row.cur_iter),
    structuredSchema: json('The schema that the reply must follow, if any.', (row) => row.structured_schema),
    structuredOutput: json('The reply as structured data, if it must follow a schema.', (row) => row.structured_output),
  },
};

const permissionContextShape: ObjectShape<z.infer<typeof permissionContext>> = {
  name: 'AgentScopePermissionContext',
  description: 'What the agent may do in a session without asking.',
  fields: {
    mode: text('The mode: `default`, `accept_edits`, `explore`, `bypass` or `dont_ask`.', (row) => row.mode),
    workingDirectories: json('The directories that the agent may work in.', (row) => row.working_directories),
    allowRules: json('What each tool may do without asking.', (row) => row.allow_rules),
    denyRules: json('What each tool must not do.', (row) => row.deny_rules),
    askRules: json('What each tool may do only after asking the user.', (row) => row.ask_rules),
  },
};

const cachedFileShape: ObjectShape<z.infer<typeof cachedFile>> = {
  name: 'AgentScopeCachedFile',
  description: 'A file that the agent has read, with its content at that time.',
  fields: {
    filePath: text('The path of the file.', (row) => row.file_path),
    lines: texts('The lines of the file.', (row) => row.lines),
    bytes: float('The size of the lines, in units of 1,024 bytes.', (row) => row.bytes),
    updatedAt: time("The file's modification time when the agent read it.", (row) => {
      return row.updated_at === null ? null : instantFromSeconds(row.updated_at);
    }),
  },
};

const toolContextShape: ObjectShape<Part<z.infer<typeof toolContext>>> = {
  name: 'AgentScopeToolContext',
  description: 'What the tools of a session remember.',
  fields: {
    maxCacheFiles: int('Maximum number of files in `readFileCache`.', ({ row }) => row.max_cache_files),
    maxCacheBytes: float(
      'Maximum size of the files in `readFileCache` together, in units of 1,024 bytes.',
      ({ row }) => row.max_cache_bytes,
    ),
    readFileCache: objects(
      cachedFileShape,
      'The files that the agent has read; always empty from version 2.0.6.',
      ({ row, sourceId }) => parse(cachedFiles, row.read_file_cache, sourceId),
    ),
    activatedGroups: texts('The names of the tool groups that are switched on.', ({ row }) => row.activated_groups),
  },
};

const taskShape: ObjectShape<Zoned<z.infer<typeof task>>> = {
  name: 'AgentScopeTask',
  description: 'A task of the plan that the agent follows in a session.',
  fields: {
    id: text('The id of the task.', ({ row }) => row.id),
    subject: text('The task in a few words.', ({ row }) => row.subject),
    description: text('The task in full.', ({ row }) => row.description),
    metadata: json('Free-form data about the task.', ({ row }) => row.metadata),
    createdAt: time('When the task was created.', ({ row, timezone }) => toInstant(row.created_at, timezone)),
    state: text('The state of the task: `pending`, `in_progress` or `completed`.', ({ row }) => row.state),
    owner: text('Who works on the task.', ({ row }) => row.owner),
    blocks: texts('The ids of the tasks that wait for this one.', ({ row }) => row.blocks),
    blockedBy: texts('The ids of the tasks that this one waits for.', ({ row }) => row.blocked_by),
  },
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
  fields: {
    sessionId: text('An id of the state; it is not the id of the session.', ({ row }) => row.session_id),
    summary: json(
      'The summary of the conversation so far: a text, or an array of content blocks; empty from version 2.0.6.',
      ({ row }) => row.summary,
    ),
    context: objects(
      messageShape,
      'The conversation in the memory of the model; always empty from version 2.0.6.',
      ({ row, timezone, sourceId }) => parse(messages, row.context, sourceId).map((each) => ({ row: each, timezone })),
    ),
    replyId: text('The id of the current reply.', ({ row }) => row.reply_id ?? row.reply_context?.reply_id ?? null),
    curIter: int('How many rounds of reasoning and acting the current reply has taken so far.', ({ row }) => {
      return row.cur_iter ?? row.reply_context?.cur_iter ?? null;
    }),
    replyContext: object(
      replyContextShape,
      'The current reply in full; from version 2.0.5.',
      ({ row }) => row.reply_context,
    ),
    permissionContext: object(
      permissionContextShape,
      'What the agent may do without asking.',
      ({ row }) => row.permission_context,
    ),
    toolContext: object(toolContextShape, 'What the tools remember.', ({ row, ...of }) => {
      return row.tool_context === null ? null : { ...of, row: row.tool_context };
    }),
    tasksContext: object(tasksContextShape, 'The plan that the agent follows.', ({ row, ...of }) => {
      return row.tasks_context === null ? null : { ...of, row: row.tasks_context };
    }),
    middleContext: json('What middleware remembers, free-form; from version 2.0.3.', ({ row }) => row.middle_context),
  },
};
