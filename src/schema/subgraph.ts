import { type GraphQLSchema, isObjectType, isUnionType } from 'graphql';
import { eachEntity } from '../resolvers/query/entities.ts';

/** What makes it a subgraph comes from a package, with hardly a word of explanation, and fails for whole lists at once. */
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
  any.description = 'What stands for an entity: an object with its `__typename` and its key.';
  entity.description = 'Anything that another subgraph can refer to by its key.';
  service.description = 'What a gateway needs to know of this subgraph.';
  sdl.description = 'Its schema, with the directives of federation, in the schema definition language.';
  definition.description = 'This subgraph as gateways see it.';
  entities.description = 'For gateways: the entities that these stand for, in their order; null for each that is gone.';
  representations.description = 'What stands for the entities: each an object with its `__typename` and its key.';
  entities.resolve = (root, args, context, info) =>
    eachEntity(args.representations, entity, info, (representation) => {
      const found: unknown = resolveAll(root, { representations: [representation] }, context, info);
      return Array.isArray(found) ? found[0] : found;
    });
  return schema;
}
