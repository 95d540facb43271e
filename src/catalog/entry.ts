import type { SessionFacts } from '../domain/records.ts';

/** What the catalog keeps of a session. Fields that `server.catalog.keep` leaves out are null. */
export interface CatalogEntry extends SessionFacts {
  readonly totalTokens: number | null;
}

/** What may be left out, because it is about a person or says what was talked about. */
export type KeptField = 'title' | 'preview' | 'user' | 'tags';

export function withoutFields(entry: CatalogEntry, kept: ReadonlySet<KeptField>): CatalogEntry {
  return {
    ...entry,
    title: kept.has('title') ? entry.title : null,
    preview: kept.has('preview') ? entry.preview : null,
    userId: kept.has('user') ? entry.userId : null,
    tags: kept.has('tags') ? entry.tags : [],
  };
}
