import SchemaBuilder, { BasePlugin, type SchemaTypes } from '@pothos/core';
import {
  type GraphQLField,
  type GraphQLInterfaceType,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isCompositeType,
  isInterfaceType,
  isListType,
  isObjectType,
} from 'graphql';
import { slicingOf, usualListSize, weightOfField, weightOfType } from './cost.ts';

declare global {
  export namespace PothosSchemaTypes {
    interface Plugins<Types extends SchemaTypes> {
      costDirectives: CostDirectivesPlugin<Types>;
    }
  }
}

type FieldsType = GraphQLObjectType | GraphQLInterfaceType;
type Field = GraphQLField<unknown, unknown>;

interface Directive {
  readonly name: 'cost' | 'listSize';
  readonly args: Readonly<Record<string, unknown>>;
}

/**
 * Says in the schema what server/query-cost.ts counts, for gateways that limit the cost of queries. The weight is on the types
 * of connections and not on the fields, because the fields of interfaces may have none. Plugins complete a schema from the last to the first: this one comes after DirectivesPlugin, which prints.
 */
class CostDirectivesPlugin<Types extends SchemaTypes> extends BasePlugin<Types> {
  override afterBuild(schema: GraphQLSchema): GraphQLSchema {
    const types = Object.values(schema.getTypeMap()).filter(hasFields);
    const fields = types.flatMap((type) => Object.values(type.getFields()));
    const weights = new Map<GraphQLNamedType, number | null>(
      fields.map((field) => [getNamedType(field.type), weightOfType(field)]),
    );
    for (const [type, weight] of weights) if (weight !== null) add(type, { name: 'cost', args: { weight } });
    const sized = sizedBelow(fields);
    for (const type of types) {
      for (const field of Object.values(type.getFields())) {
        const weight = weightOfField(type, field);
        if (weight !== null) add(field, { name: 'cost', args: { weight } });
        const size = listSizeOf(field, sized.get(`${type.name}.${field.name}`));
        if (size !== null) add(field, { name: 'listSize', args: size });
      }
    }
    return schema;
  }
}

/**
 * The lists that an argument of the field above sizes. Null for those of which that field says so. A field that is a list itself
 * cannot: gateways would multiply by its own size, too. They are told the usual size instead.
 */
function sizedBelow(fields: readonly Field[]): ReadonlyMap<string, number | null> {
  return new Map(
    fields.flatMap((field) => {
      const { lists = [], usual = null } = slicingOf(field) ?? {};
      return lists.map((list) => [`${getNamedType(field.type).name}.${list}`, isList(field) ? usual : null] as const);
    }),
  );
}

function hasFields(type: GraphQLNamedType): type is FieldsType {
  return (isObjectType(type) || isInterfaceType(type)) && !type.name.startsWith('__');
}

/** Null for what is no list, for lists of values, which cost nothing, and for what is sized above. */
function listSizeOf(field: Field, usual: number | null = usualListSize): Directive['args'] | null {
  const slicing = slicingOf(field);
  if (slicing !== null && !isList(field)) {
    const { by: slicingArguments, lists: sizedFields } = slicing;
    return { assumedSize: slicing.usual, slicingArguments, sizedFields, requireOneSlicingArgument: false };
  }
  return isList(field) && isCompositeType(getNamedType(field.type)) && usual !== null ? { assumedSize: usual } : null;
}

function isList({ type }: Field): boolean {
  return isListType(getNullableType(type));
}

function add(target: GraphQLNamedType | Field, directive: Directive): void {
  const known: unknown = target.extensions.directives;
  target.extensions = { ...target.extensions, directives: [...(Array.isArray(known) ? known : []), directive] };
}

SchemaBuilder.registerPlugin('costDirectives', CostDirectivesPlugin);
