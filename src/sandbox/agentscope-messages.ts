import type { AgentScopeStore, ScopeSession } from './agentscope-data.ts';
import { isSince } from './agentscope-dialect.ts';
import { microsPerSecond, naiveLocal } from './clock.ts';
import {
  argumentsText,
  type Call,
  type Dialogue,
  type Image,
  resultText,
  type Step,
  searchCall,
  type Turn,
  timeWithin,
} from './dialogue.ts';
import type { JsonObject } from './json.ts';
import type { ModelOptions } from './platform.ts';
import { commonCourse, dialogueOf, type Ending } from './plots.ts';
import { createRandom, type Random } from './random.ts';
import { storyOf } from './stories.ts';

const endings: Readonly<Record<string, Ending>> = {
  running: 'running',
  awaiting_permission: 'unapproved',
  awaiting_external_result: 'external',
};

export function scopeDialogue(session: ScopeSession, store: AgentScopeStore, options: ModelOptions): Dialogue {
  const given = store.dialogues.get(session.id);
  if (given !== undefined) return given;
  const topic = store.agents.find(({ id }) => id === session.agentId)?.profile.topic ?? 'support';
  const { question, answer } = storyOf(topic, createRandom('agentscope-story', session.id));
  const ending = endings[session.status] ?? null;
  const life = session.updatedMicros - session.createdMicros;
  const course = store.plots.get(session.id)?.course ?? commonCourse(session.id);
  if (options.stateBytes > 0) {
    const short = dialogueOf({ course: 'plain', ending }, { topic, question, answer, life: Number.POSITIVE_INFINITY });
    return padded(short, Math.max(2, Math.ceil(options.stateBytes / 2300)));
  }
  // Whoever speaks to a session updates it.
  const isFresh = life < microsPerSecond;
  if (isFresh && ending === null) return [];
  return dialogueOf({ course, ending }, { topic, question, answer: isFresh ? null : answer, life });
}

/** Repeats the first turn in long words until there are so many messages. */
function padded([first, ...rest]: Dialogue, messages: number): Dialogue {
  if (first === undefined) return [];
  const long = (text: string): string => `${text} `.repeat(Math.ceil(2000 / (text.length + 1))).slice(0, 2000);
  const turns = Math.ceil(messages / 2);
  const steps = first.steps.map((step) => (step.kind === 'text' ? { ...step, text: long(step.text) } : step));
  const question = long(first.question ?? '');
  const repeated = Array.from({ length: turns }, (_, index) => {
    return { ...first, question, steps, startsAt: index * 2 * first.pace };
  });
  return [...repeated, ...rest.map((turn) => ({ ...turn, startsAt: turn.startsAt + turns * 2 * first.pace }))];
}

/** Oldest first. A reply is one message, with all its calls and their results. */
export function messagesWire(
  session: ScopeSession,
  store: AgentScopeStore,
  options: ModelOptions,
): readonly JsonObject[] {
  const agentName = store.agents.find(({ id }) => id === session.agentId)?.name ?? 'assistant';
  return scopeDialogue(session, store, options).flatMap((turn, index) =>
    turnWire(turn, {
      options,
      agentName,
      random: createRandom('agentscope-turn', session.id, index),
      timeOf: (nth) => naiveLocal(session.createdMicros + timeWithin(turn, nth), options.timezoneOffsetMinutes),
    }),
  );
}

interface TurnContext {
  readonly options: ModelOptions;
  readonly agentName: string;
  readonly random: Random;
  readonly timeOf: (nth: number) => string;
}

function turnWire(turn: Turn, context: TurnContext): readonly JsonObject[] {
  const { question, images, steps, end } = turn;
  const { options, random, timeOf, agentName } = context;
  const isSilent = steps.length === 0 && end === 'completed';
  const usage = (): JsonObject => ({
    input_tokens: 300 + random.below(4000),
    output_tokens: 20 + random.below(900),
    ...turn.usage,
    ...(isSince(options.dialect, '2.0.10') ? { cache_input_tokens: 0, cache_creation_input_tokens: 0 } : {}),
  });
  const asked: readonly Step[] =
    question === null ? [] : [{ kind: 'text', text: question }, ...images.map(toImageStep)];
  const [askedId, answeredId, used] = [random.hex(32), random.hex(32), usage()];
  const isOpen = end === 'running' || end === 'waiting';
  return [
    ...(question === null
      ? []
      : [
          messageWire(options.dialect, {
            name: 'user',
            content: blocksWire(asked, context, () => 0),
            role: 'user',
            id: askedId,
            created_at: timeOf(0),
            finished_at: null,
            usage: null,
          }),
        ]),
    ...(isSilent
      ? []
      : [
          messageWire(options.dialect, {
            name: agentName,
            content: blocksWire(steps, context, (at) => 1 + at),
            role: 'assistant',
            id: answeredId,
            created_at: timeOf(1),
            finished_at: isOpen ? null : timeOf(1 + steps.length),
            usage: isOpen ? null : used,
            ...endWire(turn),
          }),
        ]),
  ];
}

function toImageStep(image: Image): Step {
  return { kind: 'image', image };
}

/** The earlier versions have neither reasons nor errors. */
function endWire({ end }: Turn): JsonObject {
  if (end === 'completed') return { finished_reason: 'completed' };
  if (end === 'cancelled') return { finished_reason: 'interrupted' };
  if (end !== 'failed') return {};
  const message = 'The model is overloaded. Try again later.';
  return { finished_reason: 'error', error: { type: 'rate_limit', message } };
}

function messageWire(dialect: string | null, fields: JsonObject): JsonObject {
  const { name, content, role, id, created_at, finished_at, usage } = fields;
  const head = { name, content, role, id, metadata: {}, created_at };
  if (!isSince(dialect, '2.0.6')) return { ...head, finished_at, usage };
  const { finished_reason = null, error = null } = fields;
  return { ...head, usage, finished_at, finished_reason, structured_output: null, error };
}

function blocksWire(
  steps: readonly Step[],
  { options, random, timeOf }: TurnContext,
  nth: (at: number) => number,
): readonly JsonObject[] {
  const isLater = isSince(options.dialect, '2.0.6');
  return steps.flatMap((step, at) => {
    const stamp = isLater ? { created_at: timeOf(nth(at)), finished_at: null } : null;
    return blocksOf(step, random, { stamp, isFirst: options.dialect === '2.0.0' });
  });
}

interface BlockForm {
  /** The earlier versions do not stamp their blocks with a time. */
  readonly stamp: JsonObject | null;
  /** The first version does not say where a hint came from. */
  readonly isFirst: boolean;
}

function blocksOf(step: Step, random: Random, { stamp, isFirst }: BlockForm): readonly JsonObject[] {
  const isLater = stamp !== null;
  switch (step.kind) {
    case 'text':
    case 'refusal':
      return [{ type: 'text', text: step.text, id: random.hex(32), ...stamp }];
    case 'thought': {
      const redacted = isLater && step.text === '' ? { redacted_thinking_data: 'EuYBCkQYAiJAx6Qh' } : {};
      return [{ type: 'thinking', thinking: step.text, id: random.hex(32), ...redacted, ...stamp }];
    }
    case 'hint':
      return [{ type: 'hint', hint: step.text, id: random.hex(32), ...(isFirst ? {} : { source: null }), ...stamp }];
    case 'image':
      return [{ type: 'data', id: random.hex(32), source: sourceWire(step.image), name: null, ...stamp }];
    case 'search':
      return callWire(searchCall(step.query), random, stamp);
    case 'call':
      return callWire(step, random, stamp);
    case 'other':
      return [step.wire];
  }
}

function sourceWire(image: Image): JsonObject {
  if ('url' in image) return { type: 'url', url: image.url, media_type: 'image/png' };
  return { type: 'base64', data: image.base64, media_type: image.mediaType };
}

function callWire(call: Call, random: Random, stamp: JsonObject | null): readonly JsonObject[] {
  const id = `call_${random.hex(24)}`;
  const { state, result } = statesOf(call);
  const rules = [{ tool_name: call.tool, rule_content: null, behavior: 'allow', source: 'suggested' }];
  const callBlock = {
    type: 'tool_call',
    id,
    name: call.tool,
    input: argumentsText(call),
    state,
    suggested_rules: state === 'asking' ? rules : [],
    ...stamp,
  };
  if (result === null) return [callBlock];
  const output = result.text === '' ? [] : [{ type: 'text', text: result.text, id: random.hex(32), ...stamp }];
  const metadata = stamp !== null ? { metadata: {} } : {};
  return [callBlock, { type: 'tool_result', id, name: call.tool, output, state: result.state, ...metadata, ...stamp }];
}

interface CallStates {
  readonly state: string;
  readonly result: { readonly state: string; readonly text: string } | null;
}

function statesOf({ outcome }: Call): CallStates {
  switch (outcome.state) {
    case 'succeeded':
      return { state: 'finished', result: { state: 'success', text: resultText(outcome.result) } };
    case 'failed':
      return { state: 'finished', result: { state: 'error', text: outcome.error } };
    case 'denied':
      return { state: 'finished', result: { state: 'denied', text: 'The user denied the tool call.' } };
    case 'unapproved':
      return { state: 'asking', result: null };
    case 'external':
      return { state: 'submitted', result: null };
    case 'running':
      return { state: 'allowed', result: { state: 'running', text: '' } };
  }
}
