import { z } from 'zod';
import type { Provider } from '../providers/provider.ts';
import { headerName, headerText } from './header-name.ts';
import { ownHttpLimits } from './http-limits-schema.ts';
import { settings } from './settings.ts';
import { httpUrl } from './url.ts';

export const outboundAuth = settings({
  bearer: headerText.optional().describe('Sent as `Authorization: Bearer <token>`.'),
  apikey: headerText.optional().describe('Sent as `Authorization: ApiKey <key>`.'),
  raw: headerText.optional().describe('Sent as `Authorization: <value>`.'),
  header: settings({
    name: headerName.describe('The name of the header.'),
    value: headerText.describe('Its value.'),
  })
    .optional()
    .describe('Sent as a header of its own.'),
  oauth2: settings({
    tokenUrl: httpUrl.describe('Where tokens are issued.'),
    clientId: z.string().min(1).describe('The id of this client.'),
    clientSecret: z.string().min(1).describe('The secret of this client.'),
    scope: z.string().min(1).optional().describe('What the token is asked for.'),
  })
    .optional()
    .describe('A token of the OAuth 2 client credentials grant, renewed before it expires.'),
  forward: headerName.optional().describe("The caller's own header of this name, as it came."),
})
  .refine((auth) => Object.keys(auth).length === 1, 'must say exactly one way to authenticate')
  .describe('The credential of this source; one of these.');

export const user = z
  .union(
    [
      z.literal('viewer').describe('Whoever asks.'),
      settings({ constant: z.string().min(1).describe('The id of the user on the platform.') }),
    ],
    { error: 'must be "viewer" or { constant: <user id> }' },
  )
  .describe('Whose sessions are read.');

const common = {
  id: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'must be 1 to 63 of a-z, 0-9 and -, and not begin with -')
    .describe('Unique among the sources; part of every global id, so it must stay.'),
  name: z.string().min(1).max(200).optional().describe('For people; the id when it is not given.'),
  url: httpUrl.describe('Where the platform is, with the path that all of its API shares.'),
  auth: outboundAuth.optional(),
  user: user.optional(),
  limits: ownHttpLimits.optional().describe('Instead of those of the server.'),
};

export const commonSource = z.object(common);

export type CommonSource = z.output<typeof commonSource>;

/** What a source of a provider may say: what every source may, and the provider's own settings beside it. */
export function sourceSchema(provider: Provider<unknown>) {
  const own = ownSettings(provider);
  const both = Object.keys(own).filter((key) => key in common || key === 'provider');
  if (both.length > 0) throw new Error(`Provider ${provider.name} has settings every source has: ${both.join(', ')}.`);
  const mapping = settings({ ...common, provider: z.literal(provider.name).describe(provider.title), ...own });
  return mapping.describe(`A deployment of ${provider.title}.`);
}

export function ownSettings({ name, settings }: Provider<unknown>): z.ZodRawShape {
  if (!(settings instanceof z.ZodObject)) throw new Error(`The settings of provider ${name} are not a mapping.`);
  return settings.shape;
}
