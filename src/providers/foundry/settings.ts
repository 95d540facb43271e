import { z } from 'zod';

export const settings = z.strictObject({
  apiVersion: z
    .string()
    .regex(/^[\w.-]+$/)
    .default('v1')
    .describe('The API version to request.'),
  features: z
    .string()
    .regex(/^[\x20-\x7e]*$/)
    .default('AgentEndpoints=V1Preview')
    .describe('The preview features to opt in to, sent as Foundry-Features. Leave empty to send none.'),
  userHeader: z
    .enum(['x-ms-user-isolation-key', 'x-ms-user-identity'])
    .default('x-ms-user-isolation-key')
    .describe('The header that names the user, for a source with a `user`.'),
  environmentValues: z
    .boolean()
    .default(false)
    .describe(
      "Whether clients may read the values of an agent's environment variables, which often hold secrets. " +
        'Otherwise they see the names only.',
    ),
  conversations: z
    .strictObject({
      scan: z
        .boolean()
        .default(false)
        .describe(
          'Whether the messages of a session are searched for in the responses of its agent, because the session itself ' +
            'holds none. The newest 1,000 responses are searched, 100 with each request; each response of the session ' +
            'whose input is wanted takes another request.',
        ),
    })
    .prefault({})
    .describe('How the messages of sessions are found.'),
});

export type FoundrySettings = z.infer<typeof settings>;
