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
import { defaultPageSize } from '../pagination/arguments.ts';
import { connectionCost, isConnectionField, usualListSize } from './cost.ts';

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

const sizedFields = ['edges', 'nodes'];

/**
 * Says in the schema what server/query-cost.ts counts, for gateways that limit the cost of queries. The weight is on the types
 * of connections and not on the fields, because the fields of interfaces may have none. Plugins complete a schema from the last to the first: this one comes after DirectivesPlugin, which prints.
 */
class CostDirectivesPlugin<Types extends SchemaTypes> extends BasePlugin<Types> {
  override afterBuild(schema: GraphQLSchema): GraphQLSchema {
    const types = Object.values(schema.getTypeMap()).filter(hasFields);
    const fields = types.flatMap((type) => Object.values(type.getFields()));
    const connections = new Set<GraphQLNamedType>(
      fields.filter(isConnectionField).map(({ type }) => getNamedType(type)),
    );
    for (const connection of connections) add(connection, { name: 'cost', args: { weight: connectionCost } });
    for (const type of types) {
      for (const field of Object.values(type.getFields())) {
        const isSizedAbove = connections.has(type) && sizedFields.includes(field.name);
        const size = isSizedAbove ? null : listSizeOf(field);
        if (size !== null) add(field, { name: 'listSize', args: size });
      }
    }
    return schema;
  }
}

function hasFields(type: GraphQLNamedType): type is FieldsType {
  return (isObjectType(type) || isInterfaceType(type)) && !type.name.startsWith('__');
}

/** Null for what is no list, and for lists of values, which cost nothing. */
function listSizeOf(field: Field): Directive['args'] | null {
  const type = getNamedType(field.type);
  if (isConnectionField(field)) {
    const slicingArguments = ['first', 'last'];
    return { assumedSize: defaultPageSize, slicingArguments, sizedFields, requireOneSlicingArgument: false };
  }
  return isListType(getNullableType(field.type)) && isCompositeType(type) ? { assumedSize: usualListSize } : null;
}

function add(target: GraphQLNamedType | Field, directive: Directive): void {
  const known: unknown = target.extensions.directives;
  target.extensions = { ...target.extensions, directives: [...(Array.isArray(known) ? known : []), directive] };
}

SchemaBuilder.registerPlugin('costDirectives', CostDirectivesPlugin);
