import type { JsonObject } from './json.ts';

export type Image =
  | { readonly id: string; readonly url: string }
  | { readonly id: string; readonly base64: string; readonly mediaType: string };

export type Outcome =
  | { readonly state: 'succeeded'; readonly result: JsonObject | string }
  | { readonly state: 'failed'; readonly error: string }
  | { readonly state: 'denied' }
  /** The user has to allow it first. */
  | { readonly state: 'unapproved' }
  /** Somebody outside of the platform has to run it. */
  | { readonly state: 'external' }
  | { readonly state: 'running' };

export interface Call {
  readonly kind: 'call';
  readonly tool: string;
  /** A string is sent as it is: models also write what is no JSON. */
  readonly arguments: JsonObject | string;
  readonly outcome: Outcome;
}

/** One thing that an agent does in answer to a question. */
export type Step =
  | { readonly kind: 'text' | 'refusal' | 'hint'; readonly text: string }
  /** An empty one was redacted by the model's provider. */
  | { readonly kind: 'thought'; readonly text: string }
  | { readonly kind: 'image'; readonly image: Image }
  | { readonly kind: 'search'; readonly query: string }
  | Call
  /** What no version of the platform is known to send: a message of Agno, elsewhere a part, a block or an item. */
  | { readonly kind: 'other'; readonly wire: JsonObject };

export type TurnEnd = 'completed' | 'running' | 'waiting' | 'failed' | 'cancelled' | 'replaced';

/** A question and all that the agent does about it. Times are microseconds. */
export interface Turn {
  /** Null where the agent speaks without being asked. */
  readonly question: string | null;
  readonly images: readonly Image[];
  readonly steps: readonly Step[];
  readonly end: TurnEnd;
  /** Tokens, by the names that a session sums them up under; null where nobody counts them. */
  readonly usage: Readonly<Record<string, number>> | null;
  /** Counted from the creation of the session. */
  readonly startsAt: number;
  /** Between two messages. */
  readonly pace: number;
}

/** A conversation, told in the words of no platform. */
export type Dialogue = readonly Turn[];

/** When the n-th message of a turn was written, counted from the creation of the session. */
export function timeWithin(turn: Turn, messages: number): number {
  return turn.startsAt + messages * turn.pace;
}

/** A step is never more than two messages. */
export function durationOf({ steps, pace }: Turn): number {
  return (1 + 2 * steps.length) * pace;
}

export function lastTextOf(steps: readonly Step[]): string | null {
  const texts = steps.flatMap((step) => (step.kind === 'text' || step.kind === 'refusal' ? [step.text] : []));
  return texts.at(-1) ?? null;
}

/**
 * What one answer of the model holds: thoughts and words, and then the calls that it waits for. For platforms whose agents
 * search with a tool like any other, and that have no hints.
 */
export interface Round {
  readonly spoken: readonly Spoken[];
  readonly calls: readonly Call[];
}

type PlainStep = Exclude<Step, { kind: 'search' | 'hint' }>;
export type Spoken = Exclude<PlainStep, Call>;

export function roundsOf(steps: readonly Step[]): readonly Round[] {
  const rounds: { spoken: Spoken[]; calls: Call[] }[] = [];
  for (const step of withToolsOnly(steps)) {
    const last = rounds.at(-1);
    if (last === undefined || (step.kind !== 'call' && last.calls.length > 0)) rounds.push({ spoken: [], calls: [] });
    const round = rounds.at(-1);
    if (step.kind === 'call') round?.calls.push(step);
    else round?.spoken.push(step);
  }
  return rounds;
}

export function argumentsText({ arguments: given }: Call): string {
  return typeof given === 'string' ? given : JSON.stringify(given);
}

export function resultText(result: JsonObject | string): string {
  return typeof result === 'string' ? result : JSON.stringify(result);
}

/** Divides a number so that the parts add up to it again. */
export function shareOf(total: number, index: number, count: number): number {
  const share = Math.floor(total / count);
  return index === count - 1 ? total - share * (count - 1) : share;
}

function withToolsOnly(steps: readonly Step[]): readonly PlainStep[] {
  return steps.flatMap((step) => {
    if (step.kind === 'hint') return [];
    return [step.kind === 'search' ? searchCall(step.query) : step];
  });
}

export function searchCall(query: string): Call {
  const result = { results: [{ url: 'https://news.example/announcement', title: 'What was announced' }] };
  return { kind: 'call', tool: 'web_search', arguments: { query }, outcome: { state: 'succeeded', result } };
}

/** Divides what a session has used among its turns. */
export function withUsage(dialogue: Dialogue, total: Turn['usage']): Dialogue {
  if (total === null) return dialogue;
  return dialogue.map((turn, index) => ({ ...turn, usage: shareOfEach(total, index, dialogue.length) }));
}

export function shareOfEach(
  totals: Readonly<Record<string, number>>,
  index: number,
  count: number,
): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(totals).map(([name, total]) => [name, shareOf(total, index, count)]));
}
