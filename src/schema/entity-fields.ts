import type { EntityRecord } from '../domain/records.ts';
import { toNodeId } from '../entities/node-id.ts';
import { sourceOf } from '../entities/source-of.ts';
import type { EntityName } from '../providers/shape.ts';
import type { ObjectFields, Types } from './builder.ts';
import { Source } from './refs.ts';

type Fields<Parent> = ObjectFields<Parent> | PothosSchemaTypes.InterfaceFieldBuilder<Types, Parent>;

/** What every record of a source has. */
export function entityFields<Parent extends EntityRecord>(
  t: Fields<Parent>,
  entity: EntityName,
  { noun, nativeId }: { readonly noun: string; readonly nativeId: string },
) {
  return {
    id: t.id({
      description: 'Unique in the whole graph. It is opaque: do not parse it.',
      resolve: (record) => toNodeId(entity, record),
    }),
    nativeId: t.string({ description: nativeId, resolve: (record) => record.nativeId }),
    source: t.field({
      type: Source,
      description: `The source that the ${noun} belongs to.`,
      resolve: (record, _args, context) => sourceOf(record, context),
    }),
  };
}

/** What every agent, team and workflow has beside them. */
export function namedFields<Parent extends EntityRecord & Named>(t: Fields<Parent>) {
  return {
    name: t.string({
      nullable: true,
      description: 'Its display name. Null when it has none.',
      resolve: (record) => record.name,
    }),
    description: t.string({
      nullable: true,
      description: 'What it is for. Null when the platform has no description.',
      resolve: (record) => record.description,
    }),
  };
}

interface Named {
  readonly name: string | null;
  readonly description: string | null;
}
