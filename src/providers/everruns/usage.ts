import type { z } from 'zod';
import * as sent from '../sent.ts';

// Totals of long-lived agents outgrow the 32 bits of an Int.
export const usage = sent.part('EverrunsUsage', 'The number of tokens used so far.', {
  input_tokens: sent.float('Tokens sent to the model.'),
  output_tokens: sent.float('Tokens received from the model.'),
  cache_read_tokens: sent.float('Tokens read from the prompt cache.'),
  cache_creation_tokens: sent.float('Tokens written to the prompt cache.'),
});

/** What was sent to the model and received from it. Null when the platform counts neither. */
export function totalTokensOf(used: z.output<typeof usage.schema> | null): number | null {
  if (used === null || (used.input_tokens === null && used.output_tokens === null)) return null;
  return (used.input_tokens ?? 0) + (used.output_tokens ?? 0);
}
