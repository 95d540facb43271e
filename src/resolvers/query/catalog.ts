import { markOf, toMarkText } from '../../catalog/mark.ts';
import type { CatalogReader } from '../../catalog/reader.ts';
import type { OperationContext } from '../../context.ts';

export interface Catalog extends CatalogReader {
  /** Null when nobody asks for it. */
  readonly mark: string | null;
}

/** The mark is read before everything else: what changes while the rest is read is told after it. */
export async function catalog({ catalog }: OperationContext, selectsMark: () => boolean): Promise<Catalog | null> {
  if (catalog === null) return null;
  return { ...catalog, mark: selectsMark() ? await readMark(catalog) : null };
}

async function readMark({ store, followed }: CatalogReader): Promise<string> {
  const epoch = await store.epoch();
  return toMarkText(markOf(epoch, await store.states(), followed));
}
