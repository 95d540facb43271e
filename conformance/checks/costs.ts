import { type ConstDirectiveNode, Kind, parse, valueFromASTUntyped } from 'graphql';

/** What each type and field says about its cost, by its coordinate. */
export function costsIn(sdl: string): ReadonlyMap<string, unknown> {
  const costs = new Map<string, unknown>();
  for (const definition of parse(sdl).definitions) {
    if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION && definition.kind !== Kind.INTERFACE_TYPE_DEFINITION) continue;
    const type = definition.name.value;
    note(type, definition.directives);
    for (const { name, directives } of definition.fields ?? []) note(`${type}.${name.value}`, directives);
  }
  return costs;

  function note(coordinate: string, directives: readonly ConstDirectiveNode[] = []): void {
    for (const { name, arguments: given = [] } of directives) {
      if (name.value !== 'cost' && name.value !== 'listSize') continue;
      costs.set(
        `${coordinate} @${name.value}`,
        Object.fromEntries(given.map((argument) => [argument.name.value, valueFromASTUntyped(argument.value)])),
      );
    }
  }
}
