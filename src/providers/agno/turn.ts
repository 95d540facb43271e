import { z } from 'zod';
import type { MessageError, MessagePart, MessageRecord, MessageRole, MessageStatus } from '../../domain/message.ts';
import { whenAsked, withResults } from '../message-parts.ts';
import * as wire from '../wire.ts';
import { toTimeUnlessZero } from './instant.ts';
import { mediaLists, mediaOf, toFiles, toMediaFile } from './media.ts';
import { toContent } from './message-part.ts';
import { type Run, runsInside } from './run.ts';
import { type RunMessage, reasoningPart, toParts, toRole } from './run-message.ts';
import { needsPerson, settle, type ToolExecution, toCall } from './tool-execution.ts';
import { modelOf, toUsage } from './usage.ts';

/** A run as a part of the conversation. */
interface Turn {
  readonly run: Run;
  /** Begins the ids of its messages. The platform makes up ids of messages at each read where none were stored. */
  readonly key: string;
  readonly parentTurnId: string | null;
  readonly model: string | null;
}

/** The messages of all runs, in the order in which the platform sends the runs. */
export function toMessages(runs: readonly Run[]): readonly MessageRecord[] {
  /** A run that is sent twice, inside another and beside it, is told once. */
  const told = new Set<string>();

  function tellAll(sent: readonly Run[], parent: Turn | null): readonly MessageRecord[] {
    const replaced = replacedAmong(sent);
    return sent.flatMap((run, index) => {
      const key = run.run_id ?? `${parent?.key ?? ''}~${index}`;
      if (replaced.has(run) || told.has(key)) return [];
      told.add(key);
      const parentTurnId = run.parent_run_id ?? parent?.run.run_id ?? null;
      return tell({ run, key, parentTurnId, model: run.model ?? modelOf(run.metrics) });
    });
  }

  function tell(turn: Turn): readonly MessageRecord[] {
    const inside = tellAll(runsInside(turn.run), turn);
    const own = toOwnMessages(turn);
    const begun = own.length > 0 ? [...inside, ...own] : [...toInput(turn), ...inside];
    const status = statusOf(turn.run);
    return withStatus([...begun, ...toOutput(turn, own, status)], status, turn.run);
  }

  return tellAll(runs, null);
}

/** Runs that were made again, and what ran inside them. */
function replacedAmong(runs: readonly Run[]): ReadonlySet<Run> {
  const byId = new Map(runs.map((run) => [run.run_id, run]));

  function isReplaced(run: Run): boolean {
    const passed = new Set<Run>();
    for (let each: Run | undefined = run; each !== undefined && !passed.has(each); ) {
      if (each.status === 'REGENERATED') return true;
      passed.add(each);
      each = each.parent_run_id === null ? undefined : byId.get(each.parent_run_id);
    }
    return false;
  }

  return new Set(runs.filter(isReplaced));
}

/** 2.3 does not say what a run is doing, but its calls show that it waits. */
function statusOf({ status, tools }: Run): MessageStatus {
  switch (status) {
    case 'COMPLETED':
      return 'COMPLETED';
    case 'RUNNING':
    case 'PENDING':
      return 'IN_PROGRESS';
    case 'PAUSED':
      return 'WAITING';
    case 'ERROR':
      return 'FAILED';
    case 'CANCELLED':
      return 'CANCELLED';
    case null:
      return tools.some((each) => each !== null && needsPerson(each)) ? 'WAITING' : 'COMPLETED';
    default:
      return 'UNKNOWN';
  }
}

/** What a run is doing shows in its last message. */
function withStatus(messages: readonly MessageRecord[], status: MessageStatus, run: Run): readonly MessageRecord[] {
  const last = messages.at(-1);
  if (last === undefined || last.status !== 'COMPLETED') return messages;
  return [...messages.slice(0, -1), { ...last, status, error: status === 'FAILED' ? toError(run) : null }];
}

/** A run that fails keeps the reason in place of the answer, unless it had begun to answer. */
function toError({ content, messages }: Run): MessageError {
  const isReason = typeof content === 'string' && !messages.some((each) => each.content === content);
  return { code: null, message: isReason ? content : null };
}

/** Empty for a run whose messages are not stored, or not yet. */
function toOwnMessages(turn: Turn): readonly MessageRecord[] {
  const { run } = turn;
  const isOwn = ({ from_history }: RunMessage) => from_history !== true;
  // Before a run has messages its input is told, which must not become another message when they are there.
  const input = run.messages.findIndex((each) => isOwn(each) && toRole(each.role) === 'USER');
  const answer = run.messages.findLastIndex((each) => isOwn(each) && toRole(each.role) === 'ASSISTANT');
  const told = run.messages.flatMap((message, index): readonly MessageRecord[] => {
    if (!isOwn(message)) return [];
    const role = toRole(message.role);
    return [
      {
        ...toRecord(turn, index === input ? 'input' : String(index), role),
        nativeId: message.id,
        nativeRole: message.role,
        name: message.name ?? (role === 'ASSISTANT' ? componentOf(run) : null),
        createdAt: toTimeUnlessZero(message.created_at),
        usage: toUsage(message.metrics),
        parts: whenAsked(() => (index === answer ? [...toParts(message), ...toMadeFiles(run)] : toParts(message))),
      },
    ];
  });
  // Of several with one id the last one counts.
  const executions = whenAsked(() => new Map(run.tools.map((each) => [each?.tool_call_id ?? null, each])));
  return withResults(told).map((message) => withStates(message, run.status, executions));
}

function withStates(
  message: MessageRecord,
  runStatus: string | null,
  executions: () => ReadonlyMap<string | null, ToolExecution | null>,
): MessageRecord {
  function toSettled(part: MessagePart): MessagePart {
    if (part.kind !== 'toolCall') return part;
    const execution = part.toolCallId === null ? null : (executions().get(part.toolCallId) ?? null);
    return settle(part, execution, runStatus);
  }
  return { ...message, parts: whenAsked(() => message.parts().map(toSettled)) };
}

/** Files that the run made. Those that a message of it has are not told again. */
function toMadeFiles(run: Run): readonly MessagePart[] {
  const audio = run.response_audio;
  if (mediaOf(run).length === 0 && audio === null) return [];
  const lists = run.messages.flatMap((message) => [...mediaOf(message), message.audio_output]);
  const known = new Set(lists.flatMap((each) => each?.id ?? []));
  const isNew = audio !== null && (audio.id === null || !known.has(audio.id));
  return [...toFiles(run, known), ...(isNew ? [toMediaFile(audio, { nativeType: 'audio', modality: 'AUDIO' })] : [])];
}

/** What the user said, for a run without messages. */
function toInput(turn: Turn): readonly MessageRecord[] {
  const { run_input, input, input_media, created_at } = turn.run;
  const stored = storedInput.safeParse(input).data ?? null;
  const content = toContent(run_input ?? (stored === null ? input : stored.input_content));
  const media = input_media ?? stored;
  if (content.length === 0 && (media === null || mediaOf(media).length === 0)) return [];
  const parts = whenAsked(() => [...content, ...(media === null ? [] : toFiles(media))]);
  return [{ ...toRecord(turn, 'input', 'USER'), createdAt: toTimeUnlessZero(created_at), parts }];
}

/** Agents and teams store their input with its files, workflows as it is. */
const storedInput = z
  .object({ input_content: z.unknown(), ...mediaLists })
  .refine((input) => input.input_content !== undefined || mediaOf(input).length > 0);

/** The answer of a run without messages, or of one that ended before its model answered. */
function toOutput(turn: Turn, own: readonly MessageRecord[], status: MessageStatus): readonly MessageRecord[] {
  const { run } = turn;
  const isOver = status === 'FAILED' || status === 'CANCELLED';
  const last = own.at(-1);
  const parts = whenAsked(() => {
    const content = status === 'FAILED' && typeof run.content === 'string' ? [] : toContent(run.content);
    return last === undefined ? [...reasoningPart(run.reasoning_content), ...content, ...toWork(run)] : content;
  });
  const isTold = last === undefined ? isOver || parts().length > 0 : isOver && last.role !== 'ASSISTANT';
  if (!isTold) return [];
  const usage = last === undefined ? toUsage(run.metrics) : null;
  return [{ ...toRecord(turn, 'output', 'ASSISTANT'), name: componentOf(run), usage, parts }];
}

/** What a run without messages did. Steps that were runs tell it themselves. */
function toWork(run: Run): readonly MessagePart[] {
  const calls = run.tools.flatMap((each) => (each === null ? [] : [toCall(each, run.status)]));
  const told = new Set(runsInside(run).flatMap(({ run_id }) => run_id ?? []));
  const steps = run.step_results.filter((step) => !told.has(stepResult.parse(step).step_run_id ?? ''));
  const others = steps.map((data): MessagePart => ({ kind: 'other', nativeType: 'step_result', data }));
  return [...calls, ...toMadeFiles(run), ...others];
}

const stepResult = z.object({ step_run_id: wire.text }).catch({ step_run_id: null });

function componentOf({ agent_id, team_id, workflow_id }: Run): string | null {
  return agent_id ?? team_id ?? workflow_id;
}

function toRecord({ run, key, parentTurnId, model }: Turn, name: string, role: MessageRole): MessageRecord {
  return {
    id: `${key}/${name}`,
    nativeId: null,
    turnId: run.run_id,
    parentTurnId,
    role,
    nativeRole: null,
    name: null,
    status: 'COMPLETED',
    createdAt: null,
    finishedAt: null,
    model: role === 'ASSISTANT' ? model : null,
    usage: null,
    error: null,
    parts: () => [],
  };
}
