import { z } from 'zod';
import type { TokenUsage } from '../../domain/message.ts';
import * as wire from '../wire.ts';

/** Older messages have a list of counts, one for each request to the model. */
const counts = z
  .union([z.array(z.int()).transform((each) => each.reduce((sum, one) => sum + one, 0)), z.unknown()])
  .pipe(wire.int);

const metrics = z.object({ input_tokens: counts, output_tokens: counts });

const modelDetails = z.object({ details: z.object({ model: z.array(z.object({ id: wire.text })) }) });

/** The platform leaves out what is zero, and sends metrics without tokens too. */
export function toUsage(sent: unknown): TokenUsage | null {
  const { input_tokens: inputTokens = null, output_tokens: outputTokens = null } = metrics.safeParse(sent).data ?? {};
  return inputTokens === null && outputTokens === null ? null : { inputTokens, outputTokens };
}

/** The model of a run, where its metrics name no other. */
export function modelOf(sent: unknown): string | null {
  const ids = new Set(modelDetails.safeParse(sent).data?.details.model.map(({ id }) => id));
  const [only = null] = ids;
  return ids.size === 1 ? only : null;
}
