import { isSince } from './agentscope-dialect.ts';
import { jsonReply, lastValue, type PlatformRequest, type Reply } from './exchange.ts';

/** Which messages are asked for. A version knows one of the two kinds and ignores what belongs to the other. */
export type MessagesQuery =
  | { readonly kind: 'offset'; readonly offset: number; readonly limit: number }
  | { readonly kind: 'before'; readonly before: string | null; readonly limit: number };

export function parseMessagesQuery({ query }: PlatformRequest, dialect: string | null): MessagesQuery | Reply {
  const isLater = isSince(dialect, '2.0.6');
  const [offset, limit] = [lastValue(query, 'offset') ?? '0', lastValue(query, 'limit') ?? '50'];
  const problems = [
    // Later versions ignore an offset, but not that it is no number.
    problemOf('offset', offset, isLater ? {} : { ge: 0 }),
    problemOf('limit', limit, { ge: 1, le: 200 }),
  ].filter((problem) => problem !== null);
  if (problems.length > 0) return jsonReply(422, { detail: problems });
  if (isLater) return { kind: 'before', before: lastValue(query, 'before'), limit: Number(limit) };
  return { kind: 'offset', offset: Number(offset), limit: Number(limit) };
}

interface Bounds {
  readonly ge?: number;
  readonly le?: number;
}

/** As FastAPI words it. */
function problemOf(name: string, input: string, { ge, le }: Bounds): object | null {
  const loc = ['query', name];
  if (!/^\s*[+-]?\d+(\.0+)?\s*$/.test(input)) {
    const msg = 'Input should be a valid integer, unable to parse string as an integer';
    return { type: 'int_parsing', loc, msg, input };
  }
  if (ge !== undefined && Number(input) < ge) {
    return {
      type: 'greater_than_equal',
      loc,
      msg: `Input should be greater than or equal to ${ge}`,
      input,
      ctx: { ge },
    };
  }
  if (le !== undefined && Number(input) > le) {
    return { type: 'less_than_equal', loc, msg: `Input should be less than or equal to ${le}`, input, ctx: { le } };
  }
  return null;
}
