import { readDataUrl, withoutFiles } from '../domain/base64.ts';
import { mayHoldBigNumbers, withBigNumbersAsTexts } from '../domain/big-numbers.ts';
import { UpstreamError } from '../domain/errors.ts';
import type { FilePart, MessagePart, MessageRecord, ToolArguments, ToolResultPart } from '../domain/message.ts';

/** What the messages of all platforms have in common, made from what each sends. */

/** Platforms send the arguments of a call as the model wrote them, which is not always JSON. */
export function toArguments(sent: unknown): ToolArguments {
  if (typeof sent !== 'string') return { arguments: sent ?? null, argumentsText: null };
  try {
    const text = mayHoldBigNumbers(` ${sent}`) ? withBigNumbersAsTexts(sent) : sent;
    return { arguments: JSON.parse(text), argumentsText: null };
  } catch {
    return { arguments: null, argumentsText: sent === '' ? null : sent };
  }
}

/** Data as a person reads it. A file in it is not a text. */
export function toText(data: unknown): string {
  return typeof data === 'string' ? data : JSON.stringify(withoutFiles(data));
}

/** A file of which the platform sends a URL, its content, or both in one as a `data:` URL. */
export function toFile(file: Omit<FilePart, 'kind'>): FilePart {
  const data = file.url === null ? null : readDataUrl(file.url);
  const inUrl = data === null ? {} : { url: null, base64: data.base64, mediaType: file.mediaType ?? data.mediaType };
  return { ...file, ...inUrl, kind: 'file' };
}

/** What is made of a message when somebody asks for it, and once. */
export function whenAsked<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** Where the result of a call is a message of its own, the call gets it too. */
export function withResults(messages: readonly MessageRecord[]): readonly MessageRecord[] {
  return messages.map((message, index) => ({
    ...message,
    parts: whenAsked(() => {
      const parts = message.parts();
      const results = resultsOf(new Set(parts.flatMap((part) => idOfOpenCall(part) ?? [])), messages, index);
      return parts.map((part) => {
        const result = results.get(idOfOpenCall(part));
        if (part.kind !== 'toolCall' || result === undefined) return part;
        const state = part.state === 'UNKNOWN' ? (result.isError ? 'FAILED' : 'SUCCEEDED') : part.state;
        return { ...part, result: { ...result, name: result.name ?? part.name }, state };
      });
    }),
  }));
}

function idOfOpenCall(part: MessagePart): string | null {
  return part.kind === 'toolCall' && part.result === null ? part.toolCallId : null;
}

/** Models number their calls anew in each turn: a result belongs to a call only if it follows in the same turn. */
function resultsOf(
  callIds: ReadonlySet<string>,
  messages: readonly MessageRecord[],
  callAt: number,
): ReadonlyMap<string | null, ToolResultPart> {
  const results = new Map<string | null, ToolResultPart>();
  const turnId = messages[callAt]?.turnId;
  for (let at = callAt; results.size < callIds.size; at += 1) {
    const message = messages[at];
    if (message === undefined || message.turnId !== turnId || message.role === 'USER') break;
    for (const part of message.parts()) {
      if (part.kind !== 'toolResult' || part.toolCallId === null || results.has(part.toolCallId)) continue;
      if (callIds.has(part.toolCallId)) results.set(part.toolCallId, part);
    }
  }
  return results;
}

/** For a conversation that is gone although its session was there a moment ago. */
export function sessionGone(sourceId: string): UpstreamError {
  return new UpstreamError(sourceId, 'UPSTREAM_NOT_FOUND', { sentence: 'no longer has this session' });
}
