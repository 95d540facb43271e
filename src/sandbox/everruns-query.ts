import type { PlatformRequest } from './exchange.ts';

export interface ListQuery {
  readonly agentId: string | null;
  readonly offset: number;
  readonly limit: number;
}

/** A sentence instead of a query where serde refuses it. */
export function parseListQuery({ query }: PlatformRequest): ListQuery | string {
  for (const name of ['agent_id', 'offset', 'limit']) {
    if (query.getAll(name).length > 1) return `duplicate field \`${name}\``;
  }
  const agentId = query.get('agent_id');
  const agentProblem = agentId === null ? null : idProblem(agentId, 'agent');
  if (agentProblem !== null) return `agent_id: ${agentProblem}`;
  const offset = parseUint32(query.get('offset'), 0);
  if (typeof offset === 'string') return `offset: ${offset}`;
  const limit = parseUint32(query.get('limit'), 20);
  if (typeof limit === 'string') return `limit: ${limit}`;
  return { agentId, offset, limit };
}

function parseUint32(text: string | null, fallback: number): number | string {
  if (text === null) return fallback;
  if (text === '') return 'cannot parse integer from empty string';
  if (!/^\+?\d+$/.test(text)) return 'invalid digit found in string';
  return Number(text) > 0xffffffff ? 'number too large to fit in target type' : Number(text);
}

export function isId(id: string, prefix: string): boolean {
  return idProblem(id, prefix) === null;
}

export function idProblem(id: string, prefix: string): string | null {
  const cut = id.indexOf('_');
  const got = cut === -1 ? id : id.slice(0, cut);
  if (got !== prefix || cut === -1) return `invalid prefix: expected '${prefix}', got '${got}'`;
  const hex = id.slice(cut + 1);
  if (hex.length !== 32) return `invalid length: expected 32, got ${hex.length}`;
  return /^[0-9a-f]{32}$/.test(hex) ? null : `invalid hex in ID: ${hex}`;
}
