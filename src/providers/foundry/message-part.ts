import { z } from 'zod';
import type { MessagePart, ReasoningPart } from '../../domain/message.ts';
import * as wire from '../wire.ts';
import { toContent } from './content-part.ts';
import { type Item, kindOf } from './item.ts';
import { toApprovalRequest, toCall, toGeneratedFiles, toResult } from './tool-call.ts';

/** What an entry says. `later` is what comes after it, where its answer may be. */
export function toParts(entry: Item, later: readonly Item[]): readonly MessagePart[] {
  switch (kindOf(entry)) {
    case 'message':
      return toContent(entry.body.content);
    case 'reasoning':
      return [toReasoning(entry)];
    case 'call':
      return [toCall(entry, later), ...toGeneratedFiles(entry)];
    case 'approvalRequest':
      return [toApprovalRequest(entry, later)];
    case 'result':
      return toResult(entry);
    default:
      return [{ kind: 'other', nativeType: entry.type, data: entry.sent }];
  }
}

const reasoning = z.object({
  summary: wire.list(z.object({ text: wire.text })).catch([]),
  content: wire.list(z.object({ text: wire.text })).catch([]),
  encrypted_content: wire.text.catch(null),
});

function toReasoning({ type, body }: Item): ReasoningPart {
  const { summary, content, encrypted_content } = reasoning.parse(body);
  const said = [content, summary].map((all) => all.flatMap(({ text }) => text ?? []).join('\n'));
  const text = said.find((words) => words !== '') ?? null;
  return { kind: 'reasoning', nativeType: type, text, redacted: text === null && encrypted_content !== null };
}
