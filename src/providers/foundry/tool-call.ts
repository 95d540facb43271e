import { z } from 'zod';
import type { FilePart, ToolCallPart, ToolCallState, ToolResultPart } from '../../domain/message.ts';
import { toArguments, toFile } from '../message-parts.ts';
import * as wire from '../wire.ts';
import { toContent } from './content-part.ts';
import { approvalOf, approvedCallOf, callIdOf, type Item, resultOf } from './item.ts';

export function toCall(call: Item, later: readonly Item[]): ToolCallPart {
  const answer = resultOf(call, later);
  const result = answer === undefined ? ownResultOf(call) : toResult(answer)[0];
  const { type: nativeType, body } = call;
  const name = call.name ?? nativeType?.replace(/_call$/, '') ?? null;
  return {
    kind: 'toolCall',
    nativeType,
    toolCallId: callIdOf(call),
    name,
    ...toArguments(body.arguments ?? body.input ?? withoutEnvelope(body)),
    state: answer === undefined ? toState(call, result) : result?.isError ? 'FAILED' : 'SUCCEEDED',
    result: result === null ? null : { ...result, name },
  };
}

/** The call that a person is asked about. Once it is allowed, it is made in an entry of its own. */
export function toApprovalRequest(request: Item, later: readonly Item[]): ToolCallPart {
  const { type: nativeType, id: toolCallId, name, body } = request;
  const call = approvedCallOf(request, later);
  const approved = call === undefined ? null : toCall(call, later);
  return {
    kind: 'toolCall',
    nativeType,
    toolCallId,
    name,
    ...toArguments(body.arguments),
    state: approved?.state ?? toApprovalState(request, later),
    result: approved?.result ?? null,
  };
}

/** What a tool answered, and the files in it. */
export function toResult(answer: Item): readonly [ToolResultPart, ...FilePart[]] {
  const output = answer.body.output ?? withoutEnvelope(answer.body);
  const files = toContent(output).filter((part) => part.kind === 'file');
  // There is no `failed` for the answers of functions.
  const isError = answer.status === 'failed' || answer.status === 'incomplete';
  return [{ ...toResultPart(output, answer), nativeType: answer.type, isError }, ...files];
}

/** An image is the result of its call, and a file. */
export function toGeneratedFiles({ type: nativeType, body }: Item): readonly FilePart[] {
  const { result, output_format: format } = body;
  if (nativeType !== imageGeneration || typeof result !== 'string') return [];
  const mediaType = typeof format === 'string' ? `image/${format}` : null;
  const url = result.startsWith('data:') ? result : null;
  const base64 = url === null ? result : null;
  return [toFile({ nativeType, modality: 'IMAGE', mediaType, filename: null, url, fileId: null, base64 })];
}

const imageGeneration = 'image_generation_call';

const failure = z
  .object({ message: wire.text.catch(null), content: wire.json })
  .catch({ message: null, content: null });

/** Of a call that the platform has made itself, which holds its result. */
function ownResultOf(call: Item): ToolResultPart | null {
  const { error, output, outputs, results, result } = call.body;
  if (error !== null && error !== undefined) {
    if (typeof error === 'string') return { ...toResultPart(error, call), isError: true };
    const { message, content } = failure.parse(error);
    return { ...toResultPart(message ?? content, call), output: error, isError: true };
  }
  const found = output ?? outputs ?? results ?? (call.type === imageGeneration ? null : result) ?? null;
  return found === null ? null : toResultPart(found, call);
}

function toResultPart(output: unknown, entry: Item): ToolResultPart {
  const parts = toContent(output);
  const texts = parts.flatMap((part) => (part.kind === 'text' ? [part.text] : []));
  return {
    kind: 'toolResult',
    nativeType: null,
    toolCallId: callIdOf(entry),
    name: null,
    text: texts.length === 0 ? null : texts.join('\n'),
    output: texts.length === parts.length ? null : output,
    isError: entry.status === 'failed',
  };
}

function toState({ status, call_id }: Item, result: ToolResultPart | null): ToolCallState {
  if (result?.isError) return 'FAILED';
  // An id for the call beside its own says that an entry of its own answers it: its status is only that of writing it.
  const isUnanswered = call_id !== null && result === null;
  switch (status) {
    case 'in_progress':
    case 'calling':
    case 'searching':
    case 'interpreting':
    case 'generating':
      return isUnanswered ? 'PENDING' : 'RUNNING';
    case 'completed':
    case null:
      if (isUnanswered) return 'PENDING';
      return status === null && result === null ? 'UNKNOWN' : 'SUCCEEDED';
    case 'failed':
      return 'FAILED';
    case 'incomplete':
      return 'CANCELLED';
    default:
      return 'UNKNOWN';
  }
}

function toApprovalState(request: Item, later: readonly Item[]): ToolCallState {
  const approval = approvalOf(request, later);
  if (approval === undefined) return 'WAITING_FOR_APPROVAL';
  if (approval.approve === null) return 'UNKNOWN';
  return approval.approve ? 'PENDING' : 'DENIED';
}

const envelope = new Set(
  'type id object status call_id name agent_reference response_id created_by approval_request_id partition_key'.split(
    ' ',
  ),
);

const answers = new Set('output outputs results result error'.split(' '));

/** What an entry says beside what all entries say: of most tools that the platform has itself, the arguments. */
function withoutEnvelope(body: Item['body']): Readonly<Record<string, unknown>> | null {
  const own = Object.entries(body).filter(([name]) => !envelope.has(name) && !answers.has(name));
  return own.length === 0 ? null : Object.fromEntries(own);
}
