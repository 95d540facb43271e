import type { AgentScopeStore, ScopeSession } from './agentscope-data.ts';
import { isSince } from './agentscope-dialect.ts';
import { messagesWire } from './agentscope-messages.ts';
import { microsPerSecond, naiveLocal } from './clock.ts';
import type { JsonObject } from './json.ts';
import type { ModelOptions } from './platform.ts';
import { createRandom, type Random } from './random.ts';
import { type Story, storyOf, type Topic } from './stories.ts';

const modes = ['default', 'default', 'default', 'accept_edits', 'explore', 'bypass', 'dont_ask'] as const;
const tasks = ['Collect the sources', 'Draft the answer', 'Check the numbers', 'Ask for approval'] as const;

const readRule = { tool_name: 'Read', rule_content: 'docs/**', behavior: 'allow', source: 'userSettings' } as const;

/** Computed when asked for, so that thousands of long conversations need no memory. */
export function stateWire(session: ScopeSession, topic: Topic, store: AgentScopeStore, options: ModelOptions): unknown {
  const random = createRandom(options.seed, 'agentscope-state', session.id);
  const trimmed = isSince(options.dialect, '2.0.6');
  const ids = { session_id: random.hex(32), reply_id: random.hex(32) };
  const reply = { reply_id: ids.reply_id, cur_iter: random.below(6) };
  const story = storyOf(topic, createRandom('agentscope-story', session.id));
  const conversation = conversationOf(session, story, store, options, summaryWire(story, random));
  const files = random.chance(0.2) ? [fileWire(session, random)] : [];
  const tasks = random.chance(0.3) ? tasksWire(session, random, options) : [];
  return {
    session_id: ids.session_id,
    ...conversation,
    ...(trimmed ? { reply_context: { ...reply, structured_schema: null, structured_output: null } } : reply),
    permission_context: {
      mode: random.pick(modes),
      working_directories: {},
      allow_rules: random.chance(0.1) ? { Read: [readRule] } : {},
      deny_rules: {},
      ask_rules: {},
    },
    tool_context: {
      max_cache_files: 100,
      max_cache_bytes: 25000,
      read_file_cache: trimmed ? [] : files,
      activated_groups: trimmed || random.chance(0.8) ? [] : ['search'],
    },
    tasks_context: { tasks },
    ...(trimmed ? { middle_context: {} } : {}),
  };
}

interface Conversation {
  readonly summary: unknown;
  readonly context: readonly JsonObject[];
}

const longConversation = 40;

/** What the messages of the session tell, as far as the model has it in mind; later versions leave it out of lists. */
function conversationOf(
  session: ScopeSession,
  story: Story,
  store: AgentScopeStore,
  options: ModelOptions,
  summary: unknown,
): Conversation {
  if (isSince(options.dialect, '2.0.6')) return { summary: '', context: [] };
  const messages = messagesWire(session, store, options);
  if (options.stateBytes > 0) return { summary, context: messages };
  const isLong = messages.length > longConversation;
  if (messages.length < 3 || (summary === '' && !isLong)) return { summary: '', context: messages };
  return {
    summary: summary === '' ? `Asked: ${story.question}` : summary,
    context: messages.slice(-Math.min(20, messages.length >> 1)),
  };
}

function summaryWire(story: Story, random: Random): unknown {
  const kind = random.next();
  if (kind < 0.75) return '';
  if (kind < 0.92) return `Asked: ${story.question}`;
  return [{ type: 'text', text: `Asked: ${story.question}`, id: random.hex(32) }];
}

function fileWire(session: ScopeSession, random: Random): unknown {
  const seconds = Math.floor(session.createdMicros / microsPerSecond);
  return {
    lines: ['# Notes', '', 'Ask before publishing.'],
    updated_at: seconds + 0.5 + random.below(1000) / 4096,
    bytes: 32,
    file_path: 'notes/readme.md',
  };
}

function tasksWire(session: ScopeSession, random: Random, options: ModelOptions): readonly unknown[] {
  const ids = tasks.map(() => random.hex(32));
  return tasks.slice(0, 2 + random.below(3)).map((subject, at) => ({
    subject,
    description: `${subject} for "${session.name}".`,
    metadata: {},
    created_at: naiveLocal(session.createdMicros + at, options.timezoneOffsetMinutes),
    state: at === 0 ? 'completed' : at === 1 ? 'in_progress' : 'pending',
    id: ids[at],
    owner: at === 0 ? session.agentId : null,
    blocks: at === 0 ? [ids[1]] : [],
    blocked_by: at === 1 ? [ids[0]] : [],
  }));
}
