import { z } from 'zod';

export const settings = z
  .strictObject({
    dbId: z
      .string()
      .min(1)
      .nullable()
      .default(null)
      .describe('The id of the database to read. Needed when the AgentOS has more than one.'),
    table: z
      .string()
      .min(1)
      .nullable()
      .default(null)
      .describe('The table of sessions to read. Needed when that database has more than one; requires `dbId`.'),
    dialect: z
      .enum(['auto', '2.3', '2.9'])
      .default('auto')
      .describe('The API that the server speaks: `2.3` before version 2.6, `2.9` from 2.6 on, or `auto` to detect it.'),
  })
  .refine(({ dbId, table }) => table === null || dbId !== null, {
    path: ['table'],
    message: 'requires dbId',
  });

export type AgnoSettings = z.infer<typeof settings>;
