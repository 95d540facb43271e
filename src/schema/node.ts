import type { EntityNode } from '../resolvers/query/node.ts';
import { typeName } from './type-names.ts';

/** The object type of what `node` answers: records say which kind they are, messages come with theirs, the rest are sources. */
export function resolveNodeType(node: unknown): string {
  if (isEntityNode(node)) return typeName(node.entity, node.provider);
  return typeof node === 'object' && node !== null && 'message' in node ? 'Message' : 'Source';
}

function isEntityNode(node: unknown): node is EntityNode {
  return typeof node === 'object' && node !== null && 'entity' in node;
}
