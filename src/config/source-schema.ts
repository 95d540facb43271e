import { z } from 'zod';
import type { Provider } from '../providers/provider.ts';
import { headerName, headerText } from './header-name.ts';
import { ownHttpLimits } from './http-limits-schema.ts';
import { settings } from './settings.ts';
import { ownSharing } from './sharing-schema.ts';
import { httpUrl, isReadableInTransit } from './url.ts';
import { whenValid } from './when-valid.ts';

const insecure = 'must be https: otherwise the credential could be read in transit';

export const outboundAuth = settings({
  bearer: headerText.optional().describe('Sent as `Authorization: Bearer <token>`.'),
  apikey: headerText.optional().describe('Sent as `Authorization: ApiKey <key>`.'),
  raw: headerText.optional().describe('Sent as `Authorization: <value>`.'),
  header: settings({
    name: headerName.describe('The name of the header.'),
    value: headerText.describe('The value of the header.'),
  })
    .optional()
    .describe('Sent in a header of your choice.'),
  oauth2: settings({
    tokenUrl: httpUrl.describe('The URL of the token endpoint.'),
    clientId: z.string().min(1).describe('The client id.'),
    clientSecret: z.string().min(1).describe('The client secret.'),
    scope: z.string().min(1).optional().describe('The scope of the token.'),
  })
    .refine(({ tokenUrl }) => !isReadableInTransit(tokenUrl), {
      path: ['tokenUrl'],
      message: insecure,
      ...whenValid('tokenUrl'),
    })
    .optional()
    .describe('A token from the OAuth 2 client credentials grant. It is renewed before it expires.'),
  forward: headerName
    .optional()
    .describe('The name of a header that is passed on unchanged from the client to the platform.'),
})
  .refine(
    (auth) => Object.keys(auth).length === 1,
    'must have exactly one of bearer, apikey, raw, header, oauth2 and forward',
  )
  .describe('The credential for the platform: exactly one of these settings.');

export const user = z
  .union(
    [
      z.literal('viewer').describe('The sessions of the viewer.'),
      settings({
        constant: z
          .string()
          .min(1)
          .describe('The id of a user on the platform, whose sessions are read for every viewer.'),
      }),
    ],
    { error: 'must be "viewer" or { constant: <user id> }' },
  )
  .describe('Whose sessions are read. Without it: all that the credential can read.');

const common = {
  id: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'must be 1 to 63 characters of a-z, 0-9 and -, and must not begin with -')
    .describe('A unique id. It is part of every global id, so do not change it.'),
  name: z.string().min(1).max(200).optional().describe('A name for people. Default: the id.'),
  url: httpUrl.describe('The base URL of the API of the platform.'),
  auth: outboundAuth.optional(),
  user: user.optional(),
  limits: ownHttpLimits.optional().describe('Overrides `server.limits.http` for this source.'),
  catalog: z
    .boolean()
    .default(false)
    .describe('Whether its sessions are copied to the catalog. Everybody who may ask this server can then find them.'),
  sharing: ownSharing.optional().describe('Overrides `server.sharing` for this source.'),
};

export const commonSource = whenCopied(withSafeCredential(z.object(common)));

/** Whoever asks may read the catalog, so it has only what this server reads in its own name. */
function whenCopied<
  Schema extends z.ZodType<{
    readonly catalog: boolean;
    readonly user?: unknown;
    readonly auth?: { readonly forward?: string | undefined } | undefined;
  }>,
>(schema: Schema) {
  return schema
    .refine(({ catalog, user }) => !catalog || user !== 'viewer', {
      path: ['catalog'],
      message: 'must be false with { user: viewer }: what one viewer may read is not copied for all',
      ...whenValid('catalog', 'user'),
    })
    .refine(({ catalog, auth }) => !catalog || auth?.forward === undefined, {
      path: ['catalog'],
      message: 'must be false with auth.forward: what one caller may read is not copied for all',
      ...whenValid('catalog', 'auth'),
    });
}

function withSafeCredential<Schema extends z.ZodType<{ readonly url: string; readonly auth?: unknown }>>(
  schema: Schema,
) {
  return schema.refine(({ url, auth }) => auth === undefined || !isReadableInTransit(url), {
    path: ['url'],
    message: insecure,
    ...whenValid('url'),
  });
}

export type CommonSource = z.output<typeof commonSource>;

/** The settings of a source: those of every source, and those of its provider. */
export function sourceSchema(provider: Provider<unknown>) {
  const own = ownSettings(provider);
  const both = Object.keys(own).filter((key) => key in common || key === 'provider');
  if (both.length > 0)
    throw new Error(`Provider ${provider.name} redefines settings that every source has: ${both.join(', ')}.`);
  const mapping = settings({ ...common, provider: z.literal(provider.name).describe(provider.title), ...own });
  const { user: users, title } = provider;
  const forUser = mapping
    .refine(({ user }) => users !== 'required' || user !== undefined, {
      path: ['user'],
      message: `is required: ${title} cannot list the sessions of all users; set "viewer" or { constant: <user id> }`,
      ...whenValid('user'),
    })
    .refine(({ user }) => users !== 'unsupported' || user === undefined, {
      path: ['user'],
      message: `is not supported: ${title} cannot list the sessions of one user`,
      ...whenValid('user'),
    });
  return whenCopied(withSafeCredential(forUser)).describe(`A deployment of ${title}.`);
}

export function ownSettings({ name, settings }: Provider<unknown>): z.ZodRawShape {
  if (!(settings instanceof z.ZodObject)) throw new Error(`The settings of provider ${name} are not a mapping.`);
  return settings.shape;
}
