import { z } from 'zod';
import type { ToolCallPart, ToolCallState, ToolResultPart } from '../../domain/message.ts';
import { toText } from '../message-parts.ts';
import * as wire from '../wire.ts';

/** What a run says about a call beside its messages. Only here does it say that a person is needed. */
const toolExecution = z.object({
  tool_call_id: wire.text,
  tool_name: wire.text,
  tool_args: wire.json,
  tool_call_error: wire.flag,
  result: wire.json,
  requires_confirmation: wire.flag,
  confirmed: wire.flag,
  requires_user_input: wire.flag,
  answered: wire.flag,
  external_execution_required: wire.flag,
});

/** One that is not understood says nothing. */
export const toolExecutions = wire.list(toolExecution.nullable().catch(null));

export type ToolExecution = z.infer<typeof toolExecution>;

export function needsPerson(execution: ToolExecution): boolean {
  if (execution.result !== null) return false;
  return (
    (execution.requires_confirmation === true && execution.confirmed === null) ||
    (execution.requires_user_input === true && execution.answered !== true) ||
    execution.external_execution_required === true
  );
}

/** The call of an execution, for runs that were stored without their messages. */
export function toCall(execution: ToolExecution, runStatus: string | null): ToolCallPart {
  const { tool_call_id, tool_name, tool_args } = execution;
  const call: ToolCallPart = {
    kind: 'toolCall',
    nativeType: null,
    toolCallId: tool_call_id,
    name: tool_name,
    arguments: tool_args,
    argumentsText: null,
    state: 'UNKNOWN',
    result: null,
  };
  return settle(call, execution, runStatus);
}

/** The call with what its run says about it. `execution` is null when the run says nothing. */
export function settle(call: ToolCallPart, execution: ToolExecution | null, runStatus: string | null): ToolCallPart {
  const result = call.result ?? (execution === null ? null : toResult(execution));
  return { ...call, result, state: toState(result, execution, runStatus) };
}

function toResult({ result, tool_call_id, tool_name, tool_call_error }: ToolExecution): ToolResultPart | null {
  if (result === null) return null;
  const isText = typeof result === 'string';
  return {
    kind: 'toolResult',
    nativeType: null,
    toolCallId: tool_call_id,
    name: tool_name,
    text: toText(result),
    output: isText ? null : result,
    isError: tool_call_error === true,
  };
}

function toState(
  result: ToolResultPart | null,
  execution: ToolExecution | null,
  runStatus: string | null,
): ToolCallState {
  if (execution?.confirmed === false) return 'DENIED';
  if (result?.isError === true || execution?.tool_call_error === true) return 'FAILED';
  if (result !== null) return 'SUCCEEDED';
  switch (runStatus) {
    case 'RUNNING':
    case 'PENDING':
      return 'RUNNING';
    case 'CANCELLED':
      return 'CANCELLED';
    case 'PAUSED':
    // 2.3 does not say what a run is doing, but its calls show that it waits.
    case null:
      if (execution !== null && needsPerson(execution)) return 'WAITING_FOR_APPROVAL';
      return runStatus === null ? 'UNKNOWN' : 'PENDING';
    default:
      return 'UNKNOWN';
  }
}
