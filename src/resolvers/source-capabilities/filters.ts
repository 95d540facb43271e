import type { FilterSupport } from '../../providers/source.ts';

export interface FilterCapability<Name> {
  readonly filter: Name;
  readonly support: FilterSupport;
}

export function filterCapabilities<Name extends string>(
  filters: Readonly<Record<Name, FilterSupport>>,
): readonly FilterCapability<Name>[] {
  const list: FilterCapability<Name>[] = [];
  for (const filter in filters) list.push({ filter, support: filters[filter] });
  return list;
}
