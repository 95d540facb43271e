import { z } from 'zod';
import type {
  FileModality,
  FilePart,
  MessagePart,
  ToolCallPart,
  ToolCallState,
  ToolResultPart,
} from '../../domain/message.ts';
import { toArguments, toFile } from '../message-parts.ts';
import * as wire from '../wire.ts';

const toolCall = z.object({
  type: z.literal('tool_call'),
  id: wire.text,
  name: wire.text,
  input: wire.json,
  state: wire.text,
});

const toolResult = z.object({
  type: z.literal('tool_result'),
  id: wire.text,
  name: wire.text,
  output: wire.json,
  state: wire.text,
});

const data = z.object({
  type: z.literal('data'),
  name: wire.text,
  source: z.discriminatedUnion('type', [
    z.object({ type: z.literal('base64'), data: wire.text, media_type: wire.text }),
    z.object({ type: z.literal('url'), url: wire.text, media_type: wire.text }),
  ]),
});

const block = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), text: z.string() }),
  z.object({ type: z.literal('thinking'), thinking: wire.text }),
  data,
  toolCall,
  toolResult,
]);

type ToolCall = z.infer<typeof toolCall>;
type ToolResult = z.infer<typeof toolResult>;

/** One that is not known, or not of the known form, has nothing but what was sent. */
interface Block {
  readonly known: z.infer<typeof block> | null;
  readonly sent: unknown;
}

/** A reply holds the calls of its tools and their results, each a block of its own. */
export function toParts(content: unknown): readonly MessagePart[] {
  if (content === null) return [];
  if (typeof content === 'string') return [{ kind: 'text', nativeType: null, text: content }];
  if (!Array.isArray(content)) return [toOther(content)];
  const blocks: readonly Block[] = content.map((sent: unknown) => ({
    known: block.safeParse(sent).data ?? null,
    sent,
  }));
  const results = resultsOfCalls(blocks);
  const ofCalls = new Set(results.values());
  return blocks.flatMap(({ known, sent }) => {
    switch (known?.type) {
      case 'text':
        return [{ kind: 'text', nativeType: known.type, text: known.text }];
      case 'thinking':
        return [{ kind: 'reasoning', nativeType: known.type, text: known.thinking, redacted: known.thinking === null }];
      case 'data':
        return [toFilePart(known)];
      case 'tool_call':
        return [toToolCall(known, results.get(known) ?? null)];
      case 'tool_result':
        return ofCalls.has(known) ? [] : [toToolResult(known)];
      default:
        return [toOther(sent)];
    }
  });
}

/** Some models use the id of a call again in the same reply: the first call has the first result of that id, and so on. */
function resultsOfCalls(blocks: readonly Block[]): ReadonlyMap<ToolCall, ToolResult> {
  const left = new Map<string | null, ToolResult[]>();
  // From the last on, so that the first is taken first.
  for (const { known } of blocks.toReversed()) {
    if (known?.type !== 'tool_result') continue;
    const ofId = left.get(known.id) ?? [];
    ofId.push(known);
    left.set(known.id, ofId);
  }
  const results = new Map<ToolCall, ToolResult>();
  for (const { known } of blocks) {
    if (known?.type !== 'tool_call' || known.id === null) continue;
    const result = left.get(known.id)?.pop();
    if (result !== undefined) results.set(known, result);
  }
  return results;
}

function toToolCall(call: ToolCall, result: ToolResult | null): ToolCallPart {
  const answer = result === null ? null : toToolResult(result);
  const isEmpty = answer?.text === null && answer.output === null;
  return {
    kind: 'toolCall',
    nativeType: call.type,
    toolCallId: call.id,
    name: call.name,
    ...toArguments(call.input),
    // The state of the call is often left as it was when there is a result.
    state: result === null ? toCallState(call.state) : toAnsweredState(result.state),
    result: result?.state === 'running' && isEmpty ? null : answer,
  };
}

function toCallState(state: string | null): ToolCallState {
  switch (state) {
    case 'pending':
    case 'allowed': // to be executed, and not yet begun
      return 'PENDING';
    case 'asking':
      return 'WAITING_FOR_APPROVAL';
    case 'submitted': // to whoever executes it elsewhere
      return 'RUNNING';
    default: // `finished` does not say how
      return 'UNKNOWN';
  }
}

function toAnsweredState(state: string | null): ToolCallState {
  switch (state) {
    case 'success':
      return 'SUCCEEDED';
    case 'error':
      return 'FAILED';
    case 'interrupted':
      return 'CANCELLED';
    case 'denied':
      return 'DENIED';
    case 'running':
      return 'RUNNING';
    default:
      return 'UNKNOWN';
  }
}

function toToolResult({ type, id, name, output, state }: ToolResult): ToolResultPart {
  const blocks = Array.isArray(output) ? toParts(output) : [];
  const texts = blocks.flatMap((part) => (part.kind === 'text' ? [part.text] : []));
  const text = typeof output === 'string' ? output : texts.length === 0 ? null : texts.join('\n');
  const isText = typeof output === 'string' || (Array.isArray(output) && texts.length === output.length);
  return {
    kind: 'toolResult',
    nativeType: type,
    toolCallId: id,
    name,
    text: text === '' ? null : text,
    output: isText ? null : output,
    isError: state === 'error',
  };
}

function toFilePart({ type, name, source }: z.infer<typeof data>): FilePart {
  return toFile({
    nativeType: type,
    modality: toModality(source.media_type),
    mediaType: source.media_type,
    filename: name,
    url: source.type === 'url' ? source.url : null,
    fileId: null,
    base64: source.type === 'base64' ? source.data : null,
  });
}

function toModality(mediaType: string | null): FileModality {
  switch (mediaType?.split('/')[0]?.toLowerCase()) {
    case 'image':
      return 'IMAGE';
    case 'audio':
      return 'AUDIO';
    case 'video':
      return 'VIDEO';
    case undefined:
      return 'UNKNOWN';
    default:
      return 'DOCUMENT';
  }
}

const typed = z.object({ type: wire.text }).catch({ type: null });

function toOther(sent: unknown): MessagePart {
  return { kind: 'other', nativeType: typed.parse(sent).type, data: sent };
}
