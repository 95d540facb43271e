import type { CatalogEntry, KeptField } from '../catalog/entry.ts';
import type { OperationContext } from '../context.ts';
import { UpstreamError } from '../domain/errors.ts';
import type { SessionRecord } from '../domain/records.ts';

/** In place of the row of a session that is a copy from the catalog: its platform has not been asked for it. */
class NoRow {
  readonly kept: ReadonlySet<KeptField>;
  readonly totalTokens: number | null;

  constructor(kept: ReadonlySet<KeptField>, totalTokens: number | null) {
    this.kept = kept;
    this.totalTokens = totalTokens;
  }
}

/** A session as the catalog has it. Fields that it does not have are read from the platform when they are selected. */
export function toSessionCopy(
  { totalTokens, ...facts }: CatalogEntry,
  kept: ReadonlySet<KeptField>,
): SessionRecord<NoRow> {
  return { ...facts, complete: true, row: new NoRow(kept, totalTokens) };
}

/** Whether this is a session without its row. Of nested objects of a session there are no copies. */
export function isSessionCopy(parent: unknown): parent is SessionRecord<NoRow> {
  return typeof parent === 'object' && parent !== null && 'row' in parent && parent.row instanceof NoRow;
}

/** The session with its row: a copy is read from its platform. */
export async function readSession(session: SessionRecord, context: OperationContext): Promise<SessionRecord> {
  if (!isSessionCopy(session)) return session;
  const read = await context.loaders.session.load(session);
  if (read !== null) return read;
  const sentence = `has no session "${session.nativeId}" any more; the catalog still has its copy`;
  throw new UpstreamError(session.sourceId, 'UPSTREAM_NOT_FOUND', { sentence });
}

const copiedFields = ['title', 'preview', 'totalTokens'] as const;

type CopiedField = (typeof copiedFields)[number];

/** Whether the copy has this field, which may be that of its interface or one that its provider gives the same name. */
export function isCopied({ row }: SessionRecord<NoRow>, name: string): name is CopiedField {
  const field = copiedFields.find((each) => each === name);
  return field !== undefined && (field === 'totalTokens' || row.kept.has(field));
}

export function copiedValue(session: SessionRecord<NoRow>, field: CopiedField): string | number | null {
  return field === 'totalTokens' ? session.row.totalTokens : session[field];
}

/** A field that may be left out of the catalog. */
export function keptField<Field extends 'title' | 'preview' | 'userId'>(
  session: SessionRecord,
  field: Field,
  context: OperationContext,
): SessionRecord[Field] | Promise<SessionRecord[Field]> {
  if (!isSessionCopy(session) || session.row.kept.has(field === 'userId' ? 'user' : field)) return session[field];
  return readSession(session, context).then((read) => read[field]);
}
