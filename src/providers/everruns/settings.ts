import { z } from 'zod';

export const settings = z.strictObject({
  organization: z
    .string()
    .regex(/^[\x21-\x7e]+$/)
    .nullable()
    .default(null)
    .describe('The organization to read, sent as X-Org-Id. Needed when the credential belongs to more than one.'),
});

export type EverrunsSettings = z.infer<typeof settings>;
