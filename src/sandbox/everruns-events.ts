import { rfc3339 } from './clock.ts';
import type { EverrunsSession, EverrunsStore } from './everruns-data.ts';
import { type EverrunsMessage, type EverrunsTurn, turnsOf } from './everruns-messages.ts';
import { idProblem } from './everruns-query.ts';
import type { PlatformRequest } from './exchange.ts';
import type { JsonObject } from './json.ts';
import { createRandom } from './random.ts';

export interface EverrunsEvent extends JsonObject {
  readonly id: string;
  readonly type: string;
  /** From one, without gaps. */
  readonly sequence: number;
}

interface Happening {
  readonly type: string;
  readonly at: string;
  readonly data: JsonObject;
}

/** All events of a session, oldest first. */
export function eventsOf(session: EverrunsSession, store: EverrunsStore): readonly EverrunsEvent[] {
  const random = createRandom('everruns-events', session.id);
  const events: EverrunsEvent[] = [];
  for (const turn of turnsOf(session, store)) {
    const inputId = turn.messages.find(({ role }) => role === 'user')?.id;
    const context = { turn_id: turn.id, ...(inputId === undefined ? {} : { input_message_id: inputId }) };
    for (const { type, at, data } of happeningsOf(turn, inputId)) {
      events.push({
        id: `event_${random.hex(32)}`,
        type,
        ts: at,
        session_id: session.id,
        context,
        data,
        sequence: events.length + 1,
      });
    }
  }
  return events;
}

function happeningsOf(turn: EverrunsTurn, inputId: string | undefined): readonly Happening[] {
  const started = rfc3339(turn.startedMicros);
  const question = turn.turn.question ?? undefined;
  const [first, ...rest] = turn.messages;
  const answers = inputId === undefined ? turn.messages : rest;
  const input = inputId === undefined || first === undefined ? [] : [first];
  return [
    ...input.map((message) => ({ type: 'input.message', at: message.created_at, data: { message } })),
    {
      type: 'turn.started',
      at: started,
      data: { turn_id: turn.id, input_message_id: inputId, input_content: question },
    },
    ...answers.flatMap(answerHappenings),
    ...endHappenings(turn, question),
  ];
}

function answerHappenings(message: EverrunsMessage): readonly Happening[] {
  const at = message.created_at;
  if (message.role !== 'tool_result') {
    const calls = message.content.filter(({ type }) => type === 'tool_call');
    return [
      { type: 'output.message.completed', at, data: { message } },
      ...calls.map((tool_call) => ({ type: 'tool.started', at, data: { tool_call } })),
    ];
  }
  return message.content.map(({ tool_call_id, result, error }) => {
    const success = error === undefined;
    const data = { tool_call_id, success, status: success ? 'success' : 'error', result, error };
    return { type: 'tool.completed', at, data };
  });
}

function endHappenings({ id, turn, messages, startedMicros, endedMicros }: EverrunsTurn, question: unknown) {
  const at = rfc3339(endedMicros);
  const idled = { type: 'session.idled', at, data: { turn_id: id } };
  if (turn.end === 'running' || turn.end === 'waiting') return [];
  if (turn.end === 'cancelled') return [{ type: 'turn.cancelled', at, data: { turn_id: id, reason: 'user' } }, idled];
  if (turn.end === 'failed') {
    const error = 'The model is overloaded. Try again later.';
    return [{ type: 'turn.failed', at, data: { turn_id: id, error, error_code: 'rate_limited' } }, idled];
  }
  const answers = messages.filter(({ role }) => role === 'agent');
  const data = {
    turn_id: id,
    iterations: answers.length,
    duration_ms: Math.floor((endedMicros - startedMicros) / 1000),
    usage: turn.usage ?? undefined,
    input_content: question,
    final_message_id: answers.at(-1)?.id,
  };
  return [{ type: 'turn.completed', at, data }, idled];
}

export interface EventsQuery {
  readonly sinceId: string | null;
  readonly types: readonly string[];
  readonly exclude: readonly string[];
  readonly limit: number | null;
  readonly beforeSequence: number | null;
  readonly afterSequence: number | null;
  readonly isDescending: boolean;
}

const knownTypes: readonly string[] = [
  ...['input.message', 'output.message.started', 'output.message.delta', 'output.message.completed'],
  ...['turn.started', 'turn.completed', 'turn.failed', 'turn.cancelled'],
  ...['reason.started', 'reason.completed', 'reason.thinking.delta', 'act.started', 'act.completed'],
  ...['tool.started', 'tool.completed', 'tool.progress', 'tool.call_requested', 'llm.generation'],
  ...['session.started', 'session.activated', 'session.idled'],
];

/** What is wrong with a query: serde's words come as text, those of the handler as JSON. */
export interface EventsProblem {
  readonly form: 'text' | 'json';
  readonly words: string;
}

export function parseEventsQuery({ query }: PlatformRequest): EventsQuery | EventsProblem {
  const all = (name: string): readonly string[] => [...query.getAll(name), ...query.getAll(`${name}[]`)];
  const [types, exclude] = [all('types'), all('exclude')];
  const sinceId = query.get('since_id');
  const sinceProblem = sinceId === null ? null : idProblem(sinceId, 'event');
  if (sinceProblem !== null) return { form: 'text', words: `Failed to deserialize query string: ${sinceProblem}` };
  const [limit, beforeSequence, afterSequence] = ['limit', 'before_sequence', 'after_sequence'].map((name) => {
    const text = query.get(name);
    return text === null ? null : /^[+-]?\d+$/.test(text) ? Number(text) : Number.NaN;
  });
  if ([limit, beforeSequence, afterSequence].some((value) => Number.isNaN(value))) {
    return { form: 'text', words: 'Failed to deserialize query string: invalid digit found in string' };
  }
  for (const [name, values] of Object.entries({ types, exclude })) {
    const unknown = values.find((value) => !knownTypes.includes(value));
    if (unknown !== undefined) return { form: 'json', words: `${name}: unknown event type '${unknown}'` };
  }
  return {
    sinceId,
    types,
    exclude,
    limit: limit == null ? null : Math.min(1000, Math.max(1, limit)),
    beforeSequence: beforeSequence ?? null,
    afterSequence: afterSequence ?? null,
    isDescending: query.get('order_desc') === 'true',
  };
}

/** A limit alone keeps the latest events; after a sequence it keeps the next ones. The order is always the same. */
export function selectEvents(all: readonly EverrunsEvent[], query: EventsQuery): readonly EverrunsEvent[] {
  const { sinceId, types, exclude, limit, beforeSequence, afterSequence, isDescending } = query;
  const since = sinceId === null ? 0 : (all.find(({ id }) => id === sinceId)?.sequence ?? 0);
  const matching = all.filter(
    ({ type, sequence }) =>
      sequence > Math.max(since, afterSequence ?? 0) &&
      (beforeSequence === null || sequence < beforeSequence) &&
      (types.length === 0 || types.includes(type)) &&
      !exclude.includes(type),
  );
  const isForward = afterSequence !== null || sinceId !== null;
  const page =
    limit === null ? matching : isForward ? matching.slice(0, limit) : latest(matching, limit, beforeSequence);
  return isDescending ? page.toReversed() : page;
}

/** An older page begins with a whole turn, so it may hold more than was asked for. */
function latest(
  matching: readonly EverrunsEvent[],
  limit: number,
  beforeSequence: number | null,
): readonly EverrunsEvent[] {
  const start = Math.max(0, matching.length - limit);
  if (beforeSequence === null) return matching.slice(start);
  const boundary = matching.findLastIndex(({ type }, index) => index <= start && type === 'turn.started');
  return matching.slice(boundary === -1 ? start : boundary);
}
