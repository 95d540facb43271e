import { type GraphQLSchema, isObjectType, isUnionType } from 'graphql';
import { eachEntity } from '../resolvers/query/entities.ts';

/** The federation package describes hardly any of its types, and fails a whole list of entities when one of them fails. */
export function completeSubgraph(schema: GraphQLSchema): GraphQLSchema {
  const [any, entity, service] = ['_Any', '_Entity', '_Service'].map((name) => schema.getType(name));
  const { _entities: entities, _service: definition } = schema.getQueryType()?.getFields() ?? {};
  const [representations] = entities?.args ?? [];
  const resolveAll = entities?.resolve;
  const sdl = isObjectType(service) ? service.getFields().sdl : undefined;
  if (entities === undefined || representations === undefined || resolveAll === undefined || !isUnionType(entity)) {
    throw new Error('The schema resolves no entities.');
  }
  if (any === undefined || service === undefined || definition === undefined || sdl === undefined) {
    throw new Error('The schema has no definition of the subgraph.');
  }
  any.description = 'A representation of an entity: an object with its `__typename` and its key.';
  entity.description = 'A type that other subgraphs can refer to by its key.';
  service.description = 'What a gateway needs to know about this subgraph.';
  sdl.description = 'The schema of this subgraph with its federation directives, in the schema definition language.';
  definition.description = 'For gateways: the definition of this subgraph.';
  entities.description =
    'For gateways: the entities of these representations, in the same order. An item is null when the entity no longer exists.';
  representations.description = 'The representations, each an object with its `__typename` and its key.';
  entities.resolve = (root, args, context, info) =>
    eachEntity(args.representations, entity, info, (representation) => {
      const found: unknown = resolveAll(root, { representations: [representation] }, context, info);
      return Array.isArray(found) ? found[0] : found;
    });
  return schema;
}
