import { RequestError } from '../domain/errors.ts';
import type { EntityRef } from '../domain/records.ts';
import type { EntityName } from '../providers/shape.ts';

/**
 * Global ids: base64url of `<kind>:<source id>/<key>`. The kind is that of the graph, such as `session`, and not a type of one
 * platform: that follows from the source, so no id can claim a type that its source does not have.
 */
export type NodeName =
  | { readonly kind: 'source'; readonly sourceId: string }
  | { readonly kind: EntityName | 'message'; readonly ref: EntityRef };

const words: Readonly<Record<NodeName['kind'], string>> = {
  source: 'a source',
  session: 'a session',
  agent: 'an agent',
  team: 'a team',
  workflow: 'a workflow',
  agentVersion: 'an agent version',
  message: 'a message',
};

export function toNodeId(entity: EntityName | 'message', { sourceId, key }: EntityRef): string {
  return encode(`${entity}:${sourceId}/${key}`);
}

export function toSourceNodeId(sourceId: string): string {
  return encode(`source:${sourceId}`);
}

/** What an id names. Only the one spelling that this graph gives out is accepted. */
export function parseNodeId(id: string): NodeName {
  const name = decode(id);
  if (name === null) {
    throw new RequestError('BAD_USER_INPUT', `${quote(id)} is not an id of this graph.`);
  }
  return name;
}

export function toEntityRef(id: string, entity: EntityName | 'message'): EntityRef {
  const name = parseNodeId(id);
  if ('ref' in name && name.kind === entity) return name.ref;
  throw new RequestError('BAD_USER_INPUT', `${quote(id)} is the id of ${words[name.kind]}, not of ${words[entity]}.`);
}

/** A source may also be named by its slug. Slugs are lower case and so never look like an id. */
export function toSourceId(id: string): string {
  const name = decode(id);
  return name?.kind === 'source' ? name.sourceId : id;
}

function encode(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64url');
}

function decode(id: string): NodeName | null {
  const text = Buffer.from(id, 'base64url').toString('utf8');
  if (encode(text) !== id) return null;
  const [, kind = '', sourceId = '', key] = /^(\w+):([^/]+)(?:\/(.+))?$/s.exec(text) ?? [];
  if (!isKind(kind)) return null;
  if (kind === 'source') return key === undefined ? { kind, sourceId } : null;
  return key === undefined ? null : { kind, ref: { sourceId, key } };
}

function isKind(text: string): text is NodeName['kind'] {
  return Object.hasOwn(words, text);
}

function quote(id: string): string {
  return id.length > 80 ? `"${id.slice(0, 80)}…"` : `"${id}"`;
}
