import type { AgnoComponent, AgnoSession, AgnoStore, ComponentKind } from './agno-data.ts';
import { type AgnoMessages, createMessages, type Sum } from './agno-messages.ts';
import { microsPerSecond } from './clock.ts';
import {
  type Dialogue,
  lastTextOf,
  shareOf,
  shareOfEach,
  type Turn,
  type TurnEnd,
  timeWithin,
  withUsage,
} from './dialogue.ts';
import type { JsonObject } from './json.ts';
import { commonCourse, dialogueOf } from './plots.ts';
import { createRandom } from './random.ts';

/** Only what happened, whatever a version shows of it. */
export interface AgnoRunRecord {
  readonly id: string;
  /** Null where the run was started by the user. */
  readonly parentId: string | null;
  readonly kind: ComponentKind;
  readonly component: Pick<AgnoComponent, 'id' | 'name'> | null;
  readonly status: string;
  readonly turn: Turn;
  readonly input: string;
  readonly content: string | null;
  readonly messages: readonly JsonObject[];
  readonly tools: readonly JsonObject[];
  readonly tokens: Sum | null;
  /** Unix seconds. */
  readonly createdAt: number | null;
  /** The runs that the steps of a workflow started. */
  readonly steps: readonly AgnoRunRecord[];
}

const statuses: Readonly<Record<TurnEnd, string>> = {
  completed: 'COMPLETED',
  running: 'RUNNING',
  waiting: 'PAUSED',
  failed: 'ERROR',
  cancelled: 'CANCELLED',
  replaced: 'REGENERATED',
};
/** What the model is not shown again. */
const forgotten: readonly string[] = ['PAUSED', 'ERROR', 'CANCELLED', 'REGENERATED'];
const runsInHistory = 3;

export function agnoDialogue(session: AgnoSession, store: AgnoStore): Dialogue {
  const given = store.dialogues.get(session.id);
  if (given !== undefined) return given;
  if (session.run === null) return [];
  const { id, createdAt, updatedAt, run } = session;
  const life = createdAt === null || updatedAt === null ? 0 : (updatedAt - createdAt) * microsPerSecond;
  const topic = ownerOf(session, store)?.topic ?? 'support';
  const plot = store.plots.get(id) ?? { course: commonCourse(id), ending: null };
  const dialogue = dialogueOf(plot, { topic, question: run.question, answer: run.answer, life });
  return withUsage(dialogue, metricsOf(session));
}

function metricsOf({ sessionData }: AgnoSession): Turn['usage'] {
  const { input_tokens, output_tokens } = sessionData?.session_metrics ?? {};
  return typeof input_tokens === 'number' && typeof output_tokens === 'number' ? { input_tokens, output_tokens } : null;
}

function ownerOf({ kind, componentId }: AgnoSession, { components }: AgnoStore): AgnoComponent | undefined {
  return components.find((component) => component.kind === kind && component.id === componentId);
}

/** Oldest first; the run of a team's member follows the run that started it. */
export function runsOf(session: AgnoSession, store: AgnoStore): readonly AgnoRunRecord[] {
  const owner = ownerOf(session, store);
  const dialogue = agnoDialogue(session, store);
  const member = session.kind === 'team' ? owner?.parts[0] : undefined;
  const isDelegated = ({ steps, end }: Turn): boolean =>
    member !== undefined && end === 'completed' && steps.some(({ kind }) => kind === 'call');
  const records: AgnoRunRecord[] = [];
  for (const [index, turn] of dialogue.entries()) {
    const base = { session, turn, index, tokens: tokensOf(turn, 0, isDelegated(turn) ? 2 : 1) };
    if (session.kind === 'workflow') {
      records.push(workflowRun(base, owner));
    } else if (member !== undefined && isDelegated(turn)) {
      records.push(...delegatedRuns(base, owner, member, tokensOf(turn, 1, 2)));
    } else {
      records.push(spokenRun(base, owner, session.kind === 'agent' ? historyOf(records) : []));
    }
  }
  return records;
}

/**
 * What a detail shows: neither system messages nor results of tools, and only of runs that the user started. Of those 2.3 shows
 * what the model is shown again, later versions all.
 */
export function chatHistoryOf(session: AgnoSession, store: AgnoStore, dialect: string | null): readonly JsonObject[] {
  return runsOf(session, store)
    .filter(({ parentId, status }) => parentId === null && (dialect !== '2.3' || !forgotten.includes(status)))
    .flatMap(({ messages }) => messages)
    .filter(({ role, from_history }) => role !== 'system' && role !== 'tool' && from_history !== true);
}

function tokensOf({ usage }: Turn, index: number, count: number): Sum | null {
  if (usage === null) return null;
  const { input_tokens = 0, output_tokens = 0 } = shareOfEach(usage, index, count);
  return { input: input_tokens, output: output_tokens };
}

/** Earlier messages as they are stored again with a later run. */
function historyOf(records: readonly AgnoRunRecord[]): readonly JsonObject[] {
  return records
    .filter(({ status }) => !forgotten.includes(status))
    .slice(-runsInHistory)
    .flatMap(({ messages }) => messages.filter(({ role, from_history }) => role !== 'system' && from_history !== true))
    .map((message) => ({ ...message, from_history: true }));
}

interface RunInput {
  readonly session: AgnoSession;
  readonly turn: Turn;
  /** Of the turn in the dialogue. */
  readonly index: number;
  readonly tokens: Sum | null;
}

function messagesFor({ session, turn, index, tokens }: RunInput, part: string): AgnoMessages {
  const keys = index === 0 && part === '' ? [session.id] : [session.id, index, part];
  return createMessages(createRandom('agno-history', ...keys), {
    turn,
    tokens,
    systemId: createRandom('agno-system', session.id, index, part).uuid(),
    createdAt: session.createdAt,
    // What a session was opened with has what a platform keeps beside the words.
    first: index === 0 && part === '' ? session.run : null,
  });
}

function baseRecord({ session, turn, index, tokens }: RunInput, part: string) {
  const id = createRandom('agno-run', session.id, index, part).uuid();
  const { createdAt } = session;
  const startedAt = createdAt === null ? null : createdAt + Math.floor(timeWithin(turn, 0) / microsPerSecond);
  return {
    id,
    parentId: null,
    status: statuses[turn.end],
    turn,
    tokens,
    createdAt: startedAt,
    content: contentOf(turn, id),
    input: turn.question ?? '',
    tools: [],
    messages: [],
    steps: [],
  };
}

function contentOf({ end, steps }: Turn, runId: string): string | null {
  if (end === 'running') return null;
  if (end === 'waiting') return 'I have tools to execute, but I need confirmation.';
  if (end === 'cancelled') return `Run ${runId} was cancelled`;
  if (end === 'failed') return 'Error code: 429 - The model is overloaded. Try again later.';
  return lastTextOf(steps);
}

function spokenRun(input: RunInput, owner: AgnoComponent | undefined, history: readonly JsonObject[]): AgnoRunRecord {
  const messages = messagesFor(input, '');
  const own = [...messages.asked(), ...messages.answered(input.turn.steps)];
  return {
    ...baseRecord(input, ''),
    kind: input.session.kind,
    component: componentOf(input.session, owner),
    messages: [...systemMessage(messages, owner), ...history, ...own],
    tools: messages.tools(),
  };
}

/** A run need not have a component that still exists. */
function componentOf({ componentId }: AgnoSession, owner: AgnoComponent | undefined) {
  return owner ?? (componentId === null ? null : { id: componentId, name: componentId });
}

function systemMessage(messages: AgnoMessages, owner: AgnoComponent | undefined): readonly JsonObject[] {
  return owner === undefined ? [] : [messages.system(owner.instructions)];
}

/** The team hands the question on; the member calls its tools and answers; the team says it again. */
function delegatedRuns(
  input: RunInput,
  owner: AgnoComponent | undefined,
  member: AgnoComponent,
  memberTokens: Sum | null,
): readonly AgnoRunRecord[] {
  const { session, turn } = input;
  const answer = lastTextOf(turn.steps) ?? '';
  const task = `Answer this, with what your tools say: ${turn.question ?? ''}`;
  const leader = messagesFor(input, '');
  const asked = leader.asked();
  const handedOn = leader.answered([
    {
      kind: 'call',
      tool: 'delegate_task_to_member',
      arguments: { member_id: member.id, task },
      outcome: { state: 'succeeded', result: answer },
    },
    { kind: 'text', text: answer },
  ]);
  const record = baseRecord(input, '');
  const memberInput = { ...input, turn: { ...turn, question: task, images: [] }, tokens: memberTokens };
  const own = messagesFor(memberInput, 'member');
  return [
    {
      ...record,
      kind: session.kind,
      component: componentOf(session, owner),
      messages: [...systemMessage(leader, owner), ...asked, ...handedOn],
      tools: leader.tools(),
    },
    {
      ...baseRecord(memberInput, 'member'),
      parentId: record.id,
      kind: 'agent',
      component: member,
      messages: [own.system(member.instructions), ...own.asked(), ...own.answered(turn.steps)],
      tools: own.tools(),
    },
  ];
}

/** Each step but the last prepares; the last one answers. A workflow itself has no messages. */
function workflowRun(input: RunInput, owner: AgnoComponent | undefined): AgnoRunRecord {
  const { session, turn, tokens } = input;
  const record = baseRecord(input, '');
  const parts = owner?.parts ?? [];
  const begun = turn.end === 'running' ? parts.slice(0, 1) : parts;
  const steps = begun.map((part, at): AgnoRunRecord => {
    const isLast = at === parts.length - 1;
    const share = tokens === null ? null : sumShare(tokens, at, begun.length);
    const notes = `Notes of ${part.name}: ${turn.question ?? ''}`;
    const own: Turn = isLast ? turn : { ...turn, end: 'completed', steps: [{ kind: 'text', text: notes }] };
    const stepInput = { ...input, turn: own, tokens: share };
    const messages = messagesFor(stepInput, part.id);
    const said = [messages.system(part.instructions), ...messages.asked(), ...messages.answered(own.steps)];
    return {
      ...baseRecord(stepInput, part.id),
      parentId: record.id,
      kind: 'agent',
      component: part,
      messages: said,
      tools: messages.tools(),
    };
  });
  return { ...record, kind: session.kind, component: componentOf(session, owner), steps };
}

function sumShare({ input, output }: Sum, index: number, count: number): Sum {
  return { input: shareOf(input, index, count), output: shareOf(output, index, count) };
}
