import { microsPerSecond } from '../../src/sandbox/clock.ts';
import { type Dialogue, durationOf, type Turn } from '../../src/sandbox/dialogue.ts';

/** What is left out is empty, and the turn is over. */
export type NewTurn = Partial<Omit<Turn, 'startsAt' | 'pace'>>;

export interface NewMessage {
  readonly role: 'user' | 'assistant';
  readonly text: string;
}

/** A second lies between two messages. */
export function toDialogue(turns: readonly NewTurn[]): Dialogue {
  return turns.reduce<Dialogue>(withTurn, []);
}

function withTurn(dialogue: Dialogue, turn: NewTurn): Dialogue {
  const startsAt = endOf(dialogue);
  const empty = { question: null, images: [], steps: [], end: 'completed', usage: null } as const;
  return [...dialogue, { ...empty, ...turn, startsAt, pace: microsPerSecond }];
}

/** Microseconds after the creation of the session. */
export function endOf(dialogue: Dialogue): number {
  const last = dialogue.at(-1);
  return last === undefined ? 0 : last.startsAt + durationOf(last) + microsPerSecond;
}

/** One message more on every platform: an answer, if the last question has none, or else a turn of its own. */
export function withMessage(dialogue: Dialogue, { role, text }: NewMessage): Dialogue {
  if (role === 'user') return withTurn(dialogue, { question: text });
  const steps = [{ kind: 'text', text }] as const;
  const last = dialogue.at(-1);
  if (last === undefined || last.steps.length > 0) return withTurn(dialogue, { steps });
  return [...dialogue.slice(0, -1), { ...last, steps, end: 'completed' }];
}
