import { z } from 'zod';
import type { HttpAuth } from '../http/auth.ts';
import type { HttpLimits } from '../http/limits.ts';
import type { SharingSettings } from '../http/sharing.ts';
import type { Provider } from '../providers/provider.ts';
import { registry } from '../providers/registry.ts';
import type { SourceEntry, SourceUser } from './config.ts';
import { headerText } from './header-name.ts';
import { toProblems } from './issue-problems.ts';
import type { Problem } from './problem.ts';
import { type CommonSource, commonSource, ownSettings, sourceSchema } from './source-schema.ts';
import { suggest } from './suggest.ts';

export type SourceResult =
  | { readonly kind: 'source'; readonly source: (server: ServerDefaults) => SourceEntry }
  | { readonly kind: 'problems'; readonly problems: readonly Problem[] };

/** What a source has of the server where it says nothing else. */
export interface ServerDefaults {
  readonly limits: HttpLimits;
  readonly sharing: SharingSettings;
}

export function readSource(value: unknown, path: Problem['path']): SourceResult {
  const named = z.looseObject({ provider: z.string() }).safeParse(value);
  if (!named.success)
    return { kind: 'problems', problems: [...toProblems(named.error, value, path), ...commonProblems(value, path)] };
  const provider = registry.find(({ name }) => name === named.data.provider);
  if (provider === undefined) {
    const problem = { path: [...path, 'provider'], message: unknownProvider(named.data.provider) };
    return { kind: 'problems', problems: [problem, ...commonProblems(value, path)] };
  }
  const whole = sourceSchema(provider).safeParse(value);
  const common = commonSource.safeParse(value);
  // Once more by itself, because a provider may also have said how its settings depend on each other.
  const own = provider.settings.safeParse(pick(named.data, Object.keys(ownSettings(provider))));
  const unsendable = common.success && own.success ? userProblems(common.data, provider, own.data, path) : [];
  if (whole.success && common.success && own.success && unsendable.length === 0) {
    return { kind: 'source', source: (server) => toEntry(common.data, provider, own.data, server) };
  }
  const errors = [whole.error, own.error].filter((error) => error !== undefined);
  return { kind: 'problems', problems: [...errors.flatMap((error) => toProblems(error, value, path)), ...unsendable] };
}

/** A user that is named in a header must be text that headers can hold; in a query any text will do. */
function userProblems(
  { user }: CommonSource,
  provider: Provider<unknown>,
  own: unknown,
  path: Problem['path'],
): readonly Problem[] {
  if (user === undefined || user === 'viewer') return [];
  const { headers } = provider.identify(user.constant, own);
  const error = Object.values(headers).flatMap((value) => headerText.safeParse(value).error ?? [])[0];
  return (error?.issues ?? []).map(({ message }) => ({ path: [...path, 'user', 'constant'], message }));
}

/** What can be said of a source whose provider is not known. */
function commonProblems(value: unknown, path: Problem['path']): readonly Problem[] {
  const { error } = commonSource.safeParse(value);
  return error === undefined ? [] : toProblems(error, value, path);
}

function unknownProvider(name: string): string {
  const known = registry.map((provider) => provider.name);
  const meant = suggest(name, known);
  return meant === null ? `must be one of ${known.join(', ')}` : `is not known; did you mean "${meant}"?`;
}

function toEntry(
  common: CommonSource,
  provider: Provider<unknown>,
  settings: unknown,
  server: ServerDefaults,
): SourceEntry {
  const { id, name = id, url, catalog } = common;
  return {
    id,
    name,
    provider,
    url,
    auth: toAuth(common.auth),
    user: toUser(common.user),
    limits: Object.assign({}, server.limits, common.limits),
    sharing: Object.assign({}, server.sharing, common.sharing),
    catalog,
    settings,
  };
}

function toAuth(auth: CommonSource['auth']): HttpAuth {
  if (auth?.bearer !== undefined) return { kind: 'bearer', token: auth.bearer };
  if (auth?.apikey !== undefined) return { kind: 'apiKey', token: auth.apikey };
  if (auth?.raw !== undefined) return { kind: 'raw', token: auth.raw };
  if (auth?.header !== undefined) return { kind: 'header', ...auth.header };
  if (auth?.oauth2 !== undefined) return { kind: 'oauth2', ...auth.oauth2, scope: auth.oauth2.scope ?? null };
  if (auth?.forward !== undefined) return { kind: 'forward', header: auth.forward.toLowerCase() };
  return { kind: 'none' };
}

function toUser(user: CommonSource['user']): SourceUser {
  if (user === undefined) return { kind: 'none' };
  return user === 'viewer' ? { kind: 'viewer' } : { kind: 'constant', id: user.constant };
}

function pick(value: Readonly<Record<string, unknown>>, keys: readonly string[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(value).filter(([key]) => keys.includes(key)));
}
