import { z } from 'zod';
import { instantFromSeconds } from '../../domain/instant.ts';
import type { MessageError, MessageStatus, TokenUsage } from '../../domain/message.ts';
import * as wire from '../wire.ts';
import { item } from './item.ts';
import { pageOf } from './page.ts';

const usage = z.object({ input_tokens: wire.int, output_tokens: wire.int });

/** What an agent was asked once, and all that it did about it. */
export const responseRow = z.object({
  id: wire.id,
  agent_session_id: wire.text,
  previous_response_id: wire.text,
  agent_reference: wire.nullable(z.object({ name: wire.text })).catch(null),
  status: wire.text,
  created_at: wire.number,
  completed_at: wire.number,
  model: wire.text,
  usage: wire.nullable(usage).catch(null),
  error: wire.nullable(z.object({ code: wire.text, message: wire.text })).catch(null),
  incomplete_details: wire.nullable(z.object({ reason: wire.text })).catch(null),
  output: wire.list(item),
});

export const responsePage = pageOf(responseRow);

export const inputItemPage = pageOf(item);

export type ResponseRow = z.output<typeof responseRow>;

export function toStatus(status: string | null): MessageStatus {
  switch (status) {
    case 'queued':
    case 'in_progress':
      return 'IN_PROGRESS';
    case 'completed':
      return 'COMPLETED';
    case 'incomplete':
    case 'failed':
      return 'FAILED';
    case 'cancelled':
      return 'CANCELLED';
    default:
      return 'UNKNOWN';
  }
}

export function toError({ error, incomplete_details }: ResponseRow): MessageError | null {
  if (error !== null) return error;
  const reason = incomplete_details?.reason ?? null;
  return reason === null ? null : { code: reason, message: null };
}

export function toUsage({ usage: used }: ResponseRow): TokenUsage | null {
  return used === null ? null : { inputTokens: used.input_tokens, outputTokens: used.output_tokens };
}

export function timesOf({ created_at, completed_at }: ResponseRow) {
  return { createdAt: instantFromSeconds(created_at), finishedAt: instantFromSeconds(completed_at) };
}
