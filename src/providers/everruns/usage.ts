import { z } from 'zod';
import { float, type ObjectShape } from '../shape.ts';
import * as wire from '../wire.ts';

export const usage = z.object({
  input_tokens: wire.number,
  output_tokens: wire.number,
  cache_read_tokens: wire.number,
  cache_creation_tokens: wire.number,
});

// Totals of long-lived agents outgrow the 32 bits of an Int.
export const usageShape: ObjectShape<z.infer<typeof usage>> = {
  name: 'EverrunsUsage',
  description: 'The number of tokens used so far.',
  fields: {
    inputTokens: float('Tokens sent to the model.', (row) => row.input_tokens),
    outputTokens: float('Tokens received from the model.', (row) => row.output_tokens),
    cacheReadTokens: float('Tokens read from the prompt cache.', (row) => row.cache_read_tokens),
    cacheCreationTokens: float('Tokens written to the prompt cache.', (row) => row.cache_creation_tokens),
  },
};
