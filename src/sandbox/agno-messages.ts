import type { AgnoRun } from './agno-data.ts';
import { compact } from './agno-wire.ts';
import { microsPerSecond } from './clock.ts';
import {
  argumentsText,
  type Call,
  type Image,
  type Round,
  resultText,
  roundsOf,
  type Spoken,
  type Step,
  shareOf,
  type Turn,
  timeWithin,
} from './dialogue.ts';
import type { JsonObject } from './json.ts';
import type { Random } from './random.ts';

/** Tokens that the model read and wrote. */
export interface Sum {
  readonly input: number;
  readonly output: number;
}

interface MessagesInput {
  /** Of the instructions. */
  readonly systemId: string;
  readonly turn: Turn;
  readonly tokens: Sum | null;
  /** Unix seconds, of the session. */
  readonly createdAt: number | null;
  /** What the first two messages have beside their content. */
  readonly first: AgnoRun | null;
}

/** Writes the messages of one run in their order. */
export interface AgnoMessages {
  system(instructions: string): JsonObject;
  asked(): readonly JsonObject[];
  answered(steps: readonly Step[]): readonly JsonObject[];
  /** The calls of all that was answered. */
  tools(): readonly JsonObject[];
}

export function createMessages(random: Random, input: MessagesInput): AgnoMessages {
  const { turn, first, createdAt } = input;
  const tools: JsonObject[] = [];
  let written = 0;
  const timeOf = (nth: number): number =>
    createdAt === null ? 0 : createdAt + Math.floor(timeWithin(turn, nth) / microsPerSecond);
  const message = (role: string, fields: JsonObject, more: JsonObject = {}): JsonObject => {
    const { content = null, reasoning_content = null, redacted_reasoning_content = null, ...rest } = fields;
    const head = { id: random.uuid(), content, reasoning_content, redacted_reasoning_content };
    const sent = {
      ...head,
      from_history: false,
      stop_after_tool_call: false,
      role,
      ...rest,
      ...more,
      created_at: timeOf(written),
    };
    written += 1;
    return compact(sent);
  };

  const round = ({ spoken, calls }: Round, isLast: boolean, metrics: JsonObject): readonly JsonObject[] => {
    const messages: JsonObject[] = [];
    const others = spoken.filter((step) => step.kind === 'other');
    const told = spoken.filter((step) => step.kind !== 'other');
    const withIds = calls.map((call) => ({ call, id: `call_${random.hex(24)}` }));
    if (told.length > 0 || calls.length > 0) {
      const extra = isLast && first !== null ? first.answered : {};
      messages.push(message('assistant', { ...extra, ...fieldsOf(told), ...callsOf(withIds), ...metrics }));
    }
    for (const { wire } of others) messages.push(message('assistant', wire));
    for (const { call, id } of withIds) {
      tools.push(toolWire(call, id, timeOf(written)));
      const content = outcomeText(call);
      if (content === null) continue;
      const named = { tool_call_id: id, tool_name: call.tool, tool_args: toolArgs(call) };
      const isError = call.outcome.state !== 'succeeded';
      messages.push(message('tool', { content, ...named, tool_call_error: isError }));
    }
    return messages;
  };

  return {
    system: (instructions) => {
      const flags = { from_history: false, stop_after_tool_call: false };
      return { id: input.systemId, content: instructions, ...flags, role: 'system', created_at: timeOf(0) };
    },
    asked: () => {
      if (turn.question === null) return [];
      const images = turn.images.length === 0 ? {} : { images: turn.images.map(imageWire) };
      return [message('user', { content: turn.question, ...first?.asked, ...images })];
    },
    answered: (steps) => {
      const rounds = roundsOf(steps);
      return rounds.flatMap((each, at) =>
        round(each, at === rounds.length - 1, metricsOf(input.tokens, at, rounds.length)),
      );
    },
    tools: () => tools,
  };
}

function metricsOf(tokens: Sum | null, index: number, count: number): JsonObject {
  if (tokens === null) return {};
  return {
    metrics: tokensWire({ input: shareOf(tokens.input, index, count), output: shareOf(tokens.output, index, count) }),
  };
}

export function tokensWire({ input, output }: Sum): JsonObject {
  return { input_tokens: input, output_tokens: output, total_tokens: input + output };
}

function fieldsOf(spoken: readonly Spoken[]): JsonObject {
  const texts = spoken.flatMap((step) => (step.kind === 'text' || step.kind === 'refusal' ? [step.text] : []));
  const thoughts = spoken.flatMap((step) => (step.kind === 'thought' && step.text !== '' ? [step.text] : []));
  const images = spoken.flatMap((step) => (step.kind === 'image' ? [imageWire(step.image)] : []));
  const isRedacted = spoken.some((step) => step.kind === 'thought' && step.text === '');
  return {
    ...(texts.length === 0 ? {} : { content: texts.join('\n\n') }),
    ...(thoughts.length === 0 ? {} : { reasoning_content: thoughts.join('\n\n') }),
    ...(isRedacted ? { redacted_reasoning_content: 'EuYBCkQYAiJAx6Qh' } : {}),
    ...(images.length === 0 ? {} : { images }),
  };
}

export function imageWire(image: Image): JsonObject {
  if ('url' in image) return { id: image.id, url: image.url };
  return { id: image.id, content: image.base64, format: image.mediaType.split('/')[1], mime_type: image.mediaType };
}

interface IdentifiedCall {
  readonly call: Call;
  readonly id: string;
}

function callsOf(calls: readonly IdentifiedCall[]): JsonObject {
  if (calls.length === 0) return {};
  return {
    tool_calls: calls.map(({ call, id }) => ({
      id,
      type: 'function',
      function: { name: call.tool, arguments: argumentsText(call) },
    })),
  };
}

/** What the model reads of it, or null as long as there is nothing. */
function outcomeText({ outcome }: Call): string | null {
  if (outcome.state === 'succeeded') return resultText(outcome.result);
  if (outcome.state === 'failed') return outcome.error;
  return outcome.state === 'denied' ? 'Function call was rejected by the user' : null;
}

/** Arguments that are no JSON are none. */
function toolArgs(call: Call): JsonObject {
  return typeof call.arguments === 'string' ? {} : call.arguments;
}

function toolWire(call: Call, id: string, createdAt: number): JsonObject {
  const { state } = call.outcome;
  const needsConfirmation = state === 'denied' || state === 'unapproved';
  return {
    tool_call_id: id,
    tool_name: call.tool,
    tool_args: toolArgs(call),
    tool_call_error: state === 'failed' ? true : state === 'succeeded' ? false : null,
    result: outcomeText(call),
    metrics: null,
    child_run_id: null,
    stop_after_tool_call: false,
    created_at: createdAt,
    requires_confirmation: needsConfirmation ? true : null,
    confirmed: state === 'denied' ? false : null,
    confirmation_note: null,
    requires_user_input: null,
    user_input_schema: null,
    user_feedback_schema: null,
    answered: null,
    external_execution_required: state === 'external' ? true : null,
    external_execution_silent: null,
    approval_type: null,
    approval_id: null,
    parent_tool_call_id: null,
  };
}
