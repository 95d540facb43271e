import { type GraphQLResolveInfo, type GraphQLUnionType, isInterfaceType, isObjectType } from 'graphql';
import { RequestError } from '../../domain/errors.ts';

/** Each representation by itself, so that what is wrong with one is an error of that one alone. */
export function eachEntity(
  representations: readonly unknown[],
  entity: GraphQLUnionType,
  { schema }: GraphQLResolveInfo,
  resolve: (representation: unknown) => unknown,
): readonly unknown[] {
  const members = new Set(entity.getTypes());

  function isEntity(typeName: string): boolean {
    const type = schema.getType(typeName);
    if (isObjectType(type)) return members.has(type);
    return isInterfaceType(type) && schema.getPossibleTypes(type).every((possible) => members.has(possible));
  }

  return representations.map((representation) => {
    const typeName = typeNameOf(representation);
    if (typeName === null) {
      return new RequestError('BAD_USER_INPUT', 'A representation must be an object with a `__typename`.');
    }
    if (!isEntity(typeName)) {
      return new RequestError(
        'BAD_USER_INPUT',
        'The `__typename` of a representation must be an entity of this graph.',
      );
    }
    return resolve(representation);
  });
}

function typeNameOf(representation: unknown): string | null {
  if (typeof representation !== 'object' || representation === null || !('__typename' in representation)) return null;
  return typeof representation.__typename === 'string' ? representation.__typename : null;
}
