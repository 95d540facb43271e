import { freshnessOf, type SourceFreshness } from '../../catalog/freshness.ts';
import type { CatalogReader } from '../../catalog/reader.ts';
import type { OperationContext } from '../../context.ts';

export function catalogFreshness(
  catalog: CatalogReader,
  { sources }: OperationContext,
): Promise<readonly SourceFreshness[]> {
  return freshnessOf([...sources.keys()], catalog);
}
