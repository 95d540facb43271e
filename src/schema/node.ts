import type { EntityNode } from '../resolvers/query/node.ts';
import { typeName } from './type-names.ts';

/** The object type of what `node` answers: records say which kind they are, sources are the only ones that do not. */
export function resolveNodeType(node: unknown): string {
  return isEntityNode(node) ? typeName(node.entity, node.provider) : 'Source';
}

function isEntityNode(node: unknown): node is EntityNode {
  return typeof node === 'object' && node !== null && 'entity' in node;
}
