import type { OperationContext } from '../../context.ts';
import type { MessageOfSession } from '../../domain/message.ts';
import type { EntityRecord } from '../../domain/records.ts';
import { loadEntity } from '../../entities/load-entity.ts';
import { loadMessage } from '../../entities/message-node.ts';
import { parseNodeId } from '../../entities/node-id.ts';
import type { EntityName } from '../../providers/shape.ts';
import type { Source } from '../../providers/source.ts';

/** A record as a node: it says which kind it is, since records of different kinds may look alike. */
export interface EntityNode extends EntityRecord {
  readonly entity: EntityName;
}

export async function node(
  id: string,
  context: OperationContext,
): Promise<EntityNode | MessageOfSession | Source | null> {
  const name = parseNodeId(id);
  if (name.kind === 'source') return context.sources.get(name.sourceId) ?? null;
  if (name.kind === 'message') return loadMessage(name.ref, context);
  const record = await loadEntity(name.kind, name.ref, context);
  return record === null ? null : { ...record, entity: name.kind };
}
