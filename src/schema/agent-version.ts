import type { EntityRecord } from '../domain/records.ts';
import { toNodeId } from '../entities/node-id.ts';
import { sourceOf } from '../entities/source-of.ts';
import type { ObjectFields } from './builder.ts';
import { Source } from './refs.ts';

/** The fields of every version of an agent. Only one platform has versions, so there is no interface yet. */
export function agentVersionFields(t: ObjectFields<EntityRecord>) {
  return {
    id: t.id({
      description: 'Unique in the whole graph. It is opaque: do not parse it.',
      resolve: (version) => toNodeId('agentVersion', version),
    }),
    nativeId: t.exposeString('nativeId', { description: 'Its version number or name on the platform.' }),
    source: t.field({
      type: Source,
      description: 'The source that the agent belongs to.',
      resolve: (version, _args, context) => sourceOf(version, context),
    }),
  };
}
