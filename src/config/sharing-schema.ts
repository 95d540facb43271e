import { z } from 'zod';
import { sharingSettings } from '../http/sharing.ts';
import { settings } from './settings.ts';
import { redisUrl } from './url.ts';

export const sharing = settings({
  ...sharingSettings,
  maxBytes: z
    .int()
    .min(0)
    .max(17_179_869_184)
    .describe(
      'Maximum size of all that is kept. Seven eighths are for answers, as the platforms sent them, and one eighth is for the pages that were made of them. The least recently used go first.',
    )
    .default(64 * 1024 * 1024),
  redis: redisUrl
    .optional()
    .describe(
      'The URL of a Redis or Valkey server through which several processes of this server share answers: `redis://` or, with TLS, `rediss://`. It needs the package `ioredis`.',
    ),
});

/** What one source has instead of the server's: without defaults. */
export const ownSharing = settings(
  Object.fromEntries(Object.entries(sharingSettings).map(([name, setting]) => [name, setting.unwrap().optional()])),
);
