import { jsonReply, lastValue, type PlatformRequest, type Reply } from './exchange.ts';
import { createRandom } from './random.ts';

export interface Paged<T> {
  readonly idOf: (item: T) => string;
  readonly wire: (item: T) => unknown;
  /** What the list itself says that it is, where it does. */
  readonly object?: 'list';
}

export function page<T>(request: PlatformRequest, newestFirst: readonly T[], shape: Paged<T>): Reply {
  const query = parsePageQuery(request);
  if ('status' in query) return query;
  const items = query.order === 'desc' ? newestFirst : newestFirst.toReversed();
  const after = query.after === null ? -1 : items.findIndex((item) => shape.idOf(item) === query.after);
  const before = query.before === null ? items.length : items.findIndex((item) => shape.idOf(item) === query.before);
  if (query.after !== null && after === -1) return unknownObject(query.after, 'after');
  if (query.before !== null && before === -1) return unknownObject(query.before, 'before');
  const open = items.slice(after + 1, Math.max(before, after + 1));
  // `before` alone answers the items nearest to it; nothing documents this.
  const backwards = query.before !== null && query.after === null;
  const data = backwards ? open.slice(-query.limit) : open.slice(0, query.limit);
  const [first, last] = [data[0], data.at(-1)];
  const ids =
    first === undefined || last === undefined ? {} : { first_id: shape.idOf(first), last_id: shape.idOf(last) };
  const { object } = shape;
  return jsonReply(200, { object, data: data.map(shape.wire), ...ids, has_more: data.length < open.length });
}

interface PageQuery {
  readonly limit: number;
  readonly order: 'asc' | 'desc';
  readonly after: string | null;
  readonly before: string | null;
}

function parsePageQuery({ query }: PlatformRequest): PageQuery | Reply {
  const limit = lastValue(query, 'limit') ?? '20';
  if (!/^\d+$/.test(limit) || Number(limit) < 1 || Number(limit) > 100) {
    return invalid(`Invalid value '${limit}' for limit: it must be an integer between 1 and 100.`, 'limit');
  }
  const order = lastValue(query, 'order') ?? 'desc';
  if (order !== 'asc' && order !== 'desc')
    return invalid(`Invalid value '${order}' for order: use asc or desc.`, 'order');
  return { limit: Number(limit), order, after: lastValue(query, 'after'), before: lastValue(query, 'before') };
}

function unknownObject(id: string, param: string): Reply {
  return invalid(`No object with id '${id}' was found.`, param);
}

export function invalid(message: string, param: string): Reply {
  return jsonReply(400, { error: { code: 'invalid_request_error', message, param, type: 'invalid_request_error' } });
}

export function failure(status: number, code: string, message: string): Reply {
  const requestId = createRandom(status, code, message).hex(32);
  return jsonReply(status, {
    error: {
      code,
      message: `${message} [Request ID: ${requestId}]`,
      type: status < 500 ? 'invalid_request_error' : 'server_error',
      details: [],
      additionalInfo: { request_id: requestId },
    },
  });
}

/** Whose sessions are asked for, where a caller asks for somebody. */
export function userOf({ headers }: PlatformRequest): string | undefined {
  return headers['x-ms-user-identity'] ?? headers['x-ms-user-isolation-key'];
}
