import type { EntityRecord } from '../domain/records.ts';
import { toNodeId } from '../entities/node-id.ts';
import { sourceOf } from '../entities/source-of.ts';
import type { ObjectFields } from './builder.ts';
import { Source } from './refs.ts';

/** What every version of an agent has. Only one platform has them, so there is no interface yet. */
export function agentVersionFields(t: ObjectFields<EntityRecord>) {
  return {
    id: t.id({
      description: 'Unique in the whole graph. Opaque: do not take it apart.',
      resolve: (version) => toNodeId('agentVersion', version),
    }),
    nativeId: t.exposeString('nativeId', { description: 'The version as the platform spells it.' }),
    source: t.field({
      type: Source,
      description: 'Where the agent lives.',
      resolve: (version, _args, context) => sourceOf(version, context),
    }),
  };
}
