import { microsPerSecond } from './clock.ts';
import { type Dialogue, durationOf, type Image, type Step, type Turn, type TurnEnd } from './dialogue.ts';
import { createRandom } from './random.ts';
import type { Topic } from './stories.ts';
import { actionCall, lookupCall } from './tools.ts';

/** How a conversation goes until its last answer. */
const courses = [
  ...['plain', 'lookup', 'failure', 'denial', 'reasoning', 'redacted', 'image', 'inline-image', 'search'],
  ...['refusal', 'follow-ups', 'long'],
] as const;
/** How it goes on after that. */
const endings = ['running', 'unapproved', 'external', 'failed', 'cancelled', 'replaced'] as const;

export type Course = (typeof courses)[number];
export type Ending = (typeof endings)[number];

export interface Plot {
  readonly course: Course;
  /** Null where everything is answered. */
  readonly ending: Ending | null;
}

export interface DialogueInput {
  readonly topic: Topic;
  readonly question: string;
  /** Null where the agent has not answered yet. */
  readonly answer: string | null;
  /** How long the session lived, in microseconds. */
  readonly life: number;
}

type Draft = Pick<Turn, 'question' | 'images' | 'steps' | 'end'>;

const common: readonly Course[] = [
  ...Array<Course>(8).fill('plain'),
  ...Array<Course>(4).fill('lookup'),
  ...Array<Course>(3).fill('follow-ups'),
  ...(['failure', 'denial', 'reasoning', 'image', 'search'] as const),
];

/** Nobody sees a session of which nothing is expected, so most are plain. */
export function commonCourse(id: string): Course {
  return createRandom('plot', id).pick(common);
}

/** For platforms whose sessions say themselves how they end. */
export const plotsWithoutEnding: readonly Plot[] = (
  [
    'lookup',
    'failure',
    'denial',
    'reasoning',
    'redacted',
    'image',
    'inline-image',
    'search',
    'follow-ups',
    'long',
  ] as const
).map((course) => ({ course, ending: null }));

/**
 * Gives each of the wanted plots to one session: the first that suits. So whoever looks at the newest sessions sees them all.
 */
export function castPlots<Session>(
  sessions: Iterable<Session>,
  wanted: readonly Plot[],
  suits: (session: Session, plot: Plot) => string | null,
): ReadonlyMap<string, Plot> {
  const cast = new Map<string, Plot>();
  let left = wanted;
  for (const session of sessions) {
    if (left.length === 0) break;
    const plot = left.find((each) => suits(session, each) !== null);
    const key = plot === undefined ? null : suits(session, plot);
    if (plot === undefined || key === null) continue;
    cast.set(key, plot);
    left = left.filter((each) => each !== plot);
  }
  return cast;
}

export function dialogueOf({ course, ending }: Plot, input: DialogueInput): Dialogue {
  const { topic, question, answer } = input;
  const before = answer === null ? [] : courseOf(course, { ...input, answer });
  const asked = answer === null ? question : 'Good. Then please do it.';
  const after = ending === null ? [] : endingOf(ending, topic, asked, question);
  return timed([...before, ...after], input.life);
}

const longTurns = 250;

interface Answered extends DialogueInput {
  readonly answer: string;
}

function courseOf(course: Course, { topic, question, answer }: Answered): readonly Draft[] {
  const says: Step = { kind: 'text', text: answer };
  const only = (...steps: readonly Step[]): readonly Draft[] => [turn(question, [...steps, says])];
  switch (course) {
    case 'plain':
      return only();
    case 'lookup':
      return only({ kind: 'text', text: 'Let me look that up.' }, lookupCall(topic, question, 'succeeded'));
    case 'failure':
      return only(
        lookupCall(topic, question, 'failed'),
        { kind: 'text', text: 'That did not work. I try once more.' },
        lookupCall(topic, question, 'succeeded'),
      );
    case 'denial':
      return only(lookupCall(topic, question, 'succeeded'), actionCall(topic, question, 'denied'));
    case 'reasoning':
      return only(
        {
          kind: 'thought',
          text: 'Two things are asked. The first needs a look at the records, the second follows from it.',
        },
        lookupCall(topic, question, 'succeeded'),
        { kind: 'thought', text: 'The record is complete, so I can answer without asking back.' },
      );
    case 'redacted':
      return only({ kind: 'thought', text: '' });
    case 'image':
      return [{ ...turn(question, [says]), images: [linkedImage] }];
    case 'inline-image':
      return [{ ...turn(question, [says, { kind: 'image', image: chart }]), images: [inlineImage] }];
    case 'search':
      return only(
        { kind: 'hint', text: 'Prefer sources of the last twelve months.' },
        { kind: 'search', query: question },
      );
    case 'refusal':
      return [
        turn(question, [{ kind: 'refusal', text: 'I cannot tell that to somebody whom I do not know.' }]),
        turn('I work for the same company. This is my own account.', [says]),
      ];
    case 'follow-ups':
      return [
        turn(question, [{ kind: 'text', text: 'Happy to. Do you mean the current period?' }]),
        turn('Yes, the current one.', [{ kind: 'text', text: 'Then I have to look into two systems. Shall I?' }]),
        turn('Please do.', [lookupCall(topic, question, 'succeeded'), says]),
      ];
    case 'long':
      return Array.from({ length: longTurns }, (_, index) => {
        if (index === 0) return turn(question, [{ kind: 'text', text: 'Let us go through it line by line.' }]);
        return index === longTurns - 1 ? turn('And all in all?', [says]) : longTurn(index);
      });
  }
}

/** The end of a turn and of its call belong together. */
function endingOf(ending: Ending, topic: Topic, asked: string, about: string): readonly Draft[] {
  const open = (steps: readonly Step[], end: TurnEnd): readonly Draft[] => [{ ...turn(asked, steps), end }];
  switch (ending) {
    case 'running':
      return open([{ kind: 'thought', text: 'First the records.' }, lookupCall(topic, about, 'running')], 'running');
    case 'unapproved':
      return open([actionCall(topic, about, 'unapproved')], 'waiting');
    case 'external':
      return open([lookupCall(topic, about, 'external')], 'waiting');
    case 'failed':
      return open([lookupCall(topic, about, 'failed')], 'failed');
    case 'cancelled':
      return open([{ kind: 'text', text: 'I will start with' }], 'cancelled');
    case 'replaced':
      return [
        ...open([{ kind: 'text', text: 'Done, I think.' }], 'replaced'),
        turn(asked, [lookupCall(topic, about, 'succeeded'), { kind: 'text', text: 'Done. The record is updated.' }]),
      ];
  }
}

function turn(question: string, steps: readonly Step[]): Draft {
  return { question, images: [], steps, end: 'completed' };
}

const linkedImage: Image = { id: 'img-2', url: 'https://files.example/screenshot.png' };
/** One transparent pixel. */
const inlineImage: Image = {
  id: 'img-3',
  mediaType: 'image/png',
  base64: 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
};
const chart: Image = { id: 'img-4', url: 'https://files.example/chart.png' };

const longQuestions = ['What about line {n}?', 'And line {n}?', 'Line {n}, please.', 'Is line {n} right?'] as const;
const longAnswers = [
  'Line {n} matches the record.',
  'Line {n} is off by one day; I corrected it.',
  'Line {n} has no counterpart. I marked it for you.',
  'Yes, line {n} is as agreed.',
  'Line {n} was entered twice; the second entry is gone.',
] as const;

function longTurn(index: number): Draft {
  const numbered = (texts: readonly string[]): string => (texts[index % texts.length] ?? '').replace('{n}', `${index}`);
  return turn(numbered(longQuestions), [{ kind: 'text', text: numbered(longAnswers) }]);
}

/** People read and write for some seconds, but nothing is said after the session was last changed. */
function timed(drafts: readonly Draft[], life: number): Dialogue {
  const untimed = drafts.map((draft) => ({ ...draft, usage: null, startsAt: 0, pace: 1 }));
  const messages = untimed.reduce((sum, draft) => sum + durationOf(draft), 0);
  const pace = Math.max(0, Math.min(7 * microsPerSecond, Math.floor(life / Math.max(1, messages))));
  let startsAt = 0;
  return untimed.map((draft) => {
    const placed: Turn = { ...draft, startsAt, pace };
    startsAt += durationOf(placed);
    return placed;
  });
}
