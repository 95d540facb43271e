import { z } from 'zod';
import type { KeptField } from '../catalog/entry.ts';
import { wholeNumber } from '../http/whole-number.ts';
import { settings } from './settings.ts';
import { postgresUrl } from './url.ts';

const keptFields: Readonly<Record<KeptField, KeptField>> = {
  title: 'title',
  preview: 'preview',
  user: 'user',
  tags: 'tags',
};

export const catalog = settings({
  postgres: postgresUrl
    .optional()
    .describe(
      'The URL of a PostgreSQL database in which the catalog is kept, for several processes of this server: `postgres://user:password@host/database`. It needs the package `postgres`. Without it the catalog is in the memory of this process.',
    ),
  maxSessions: wholeNumber
    .min(1)
    .max(10_000_000)
    .default(200_000)
    .describe(
      'Maximum number of sessions in memory. The catalog says when there are more. PostgreSQL has no such limit.',
    ),
  keep: z
    .array(z.enum(keptFields))
    .default(['title', 'preview', 'user', 'tags'])
    .describe(
      'Which fields are copied beside ids, kinds, statuses, times and token counts. What is left out can be neither searched nor filtered by in the catalog, and is read from the platform when a query selects it.',
    ),
  requestsPerMinute: wholeNumber
    .min(1)
    .max(6_000)
    .default(60)
    .describe('Maximum number of requests per minute that are sent to one source to keep the catalog up to date.'),
  sweepMinutes: wholeNumber
    .min(1)
    .max(10_080)
    .default(10)
    .describe(
      'How long after a sweep the next one begins at the latest. A sweep reads the whole list of a source, and so finds the sessions that were deleted.',
    ),
});
