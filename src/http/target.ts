import type { CallIdentity, HttpCall } from './http-call.ts';
import type { GetOptions } from './upstream.ts';
import { userAgent } from './user-agent.ts';

/** Path and query of a request. The viewer's identity replaces other parameters of the same name. */
export function toPath(
  prefix: string,
  path: string,
  query: GetOptions<unknown>['query'],
  identity: CallIdentity,
): string {
  if (!/^\/[!-~]*$/.test(path) || /[?#]/.test(path))
    throw new TypeError('An upstream path is "/" and encoded segments.');
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) if (value !== null) parameters.set(name, String(value));
  for (const [name, value] of Object.entries(identity.query)) parameters.set(name, value);
  return parameters.size === 0 ? prefix + path : `${prefix}${path}?${parameters}`;
}

/** The request for the log: the names of its parameters, but not their values, which may name a person. */
export function toRequestName(path: string): string {
  const [bare = '', query = ''] = path.split('?');
  const names = [...new URLSearchParams(query).keys()].join('&');
  return names === '' ? `GET ${bare}` : `GET ${bare}?${names}`;
}

/** The request for the one who made it, without the name of the user that identifies him there. */
export function toShownPath(path: string, identity: CallIdentity): string {
  const [bare = '', query = ''] = path.split('?');
  const shown = [...new URLSearchParams(query)].map(([name, value]) => {
    return `${name}=${name in identity.query ? '[user]' : value}`;
  });
  return shown.length === 0 ? bare : `${bare}?${shown.join('&')}`;
}

export function toHeaders(call: HttpCall, headers: GetOptions<unknown>['headers']): Readonly<Record<string, string>> {
  return {
    ...lowerCased(headers ?? {}),
    accept: 'application/json',
    'accept-encoding': 'identity',
    'user-agent': userAgent,
    'x-request-id': call.requestId,
    ...lowerCased(call.identity.headers),
  };
}

/** Otherwise two spellings of one name would both be sent, and the platform would choose one. */
function lowerCased(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

/** Whether every header arrives unchanged: servers trim white space and read non-ASCII bytes in different ways. */
export function isExact(identity: CallIdentity): boolean {
  return Object.values(identity.headers).every((value) => /^[!-~]([ -~]*[!-~])?$/.test(value));
}
