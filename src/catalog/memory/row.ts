import type { Instant } from '../../domain/instant.ts';
import type { SessionKind, SessionStatus } from '../../domain/records.ts';
import type { CatalogEntry } from '../entry.ts';
import { searchTextOf } from '../search.ts';
import { CompactInstant, type Writing, writingOf } from './compact-instant.ts';
import type { ShareText } from './shared-texts.ts';

const noTags: readonly string[] = [];

/** An entry as it is since a version, in little memory; another row takes its place when it changes. What leaves the store is made by `toEntry`. */
export class Row implements CatalogEntry {
  readonly sourceId: string;
  readonly key: string;
  readonly provider: string;
  readonly nativeId: string;
  readonly kind: SessionKind;
  readonly title: string | null;
  readonly preview: string | null;
  readonly status: SessionStatus;
  readonly nativeStatus: string | null;
  readonly userId: string | null;
  readonly agentKey: string | null;
  readonly teamKey: string | null;
  readonly workflowKey: string | null;
  readonly tags: readonly string[];
  readonly totalTokens: number | null;
  /** What is searched. Made once, because making it takes longer than searching it. */
  readonly searchText: string;
  readonly version: number;
  /** The last sweep that saw it. The one thing that changes: it is no part of the entry. */
  seen: number;
  private readonly created: number | null;
  private readonly createdWriting: Writing;
  private readonly updated: number | null;
  private readonly updatedWriting: Writing;

  constructor(entry: CatalogEntry, version: number, seen: number, share: ShareText) {
    const shareOrNull = (text: string | null) => (text === null ? null : share(text));
    this.sourceId = share(entry.sourceId);
    this.key = entry.key;
    this.provider = share(entry.provider);
    this.nativeId = entry.nativeId === entry.key ? entry.key : entry.nativeId;
    this.kind = entry.kind;
    this.title = entry.title;
    this.preview = entry.preview;
    this.status = entry.status;
    this.nativeStatus = shareOrNull(entry.nativeStatus);
    this.userId = shareOrNull(entry.userId);
    this.agentKey = shareOrNull(entry.agentKey);
    this.teamKey = shareOrNull(entry.teamKey);
    this.workflowKey = shareOrNull(entry.workflowKey);
    this.tags = entry.tags.length === 0 ? noTags : entry.tags.map(share);
    this.totalTokens = entry.totalTokens;
    this.searchText = searchTextOf(entry);
    this.version = version;
    this.seen = seen;
    this.created = entry.createdAt?.micros ?? null;
    this.createdWriting = entry.createdAt === null ? 0 : writingOf(entry.createdAt);
    this.updated = entry.updatedAt?.micros ?? null;
    this.updatedWriting = entry.updatedAt === null ? 0 : writingOf(entry.updatedAt);
  }

  get createdAt(): Instant | null {
    return this.created === null ? null : new CompactInstant(this.created, this.createdWriting);
  }

  get updatedAt(): Instant | null {
    return this.updated === null ? null : new CompactInstant(this.updated, this.updatedWriting);
  }
}

export function toEntry(row: Row): CatalogEntry {
  return {
    sourceId: row.sourceId,
    key: row.key,
    provider: row.provider,
    nativeId: row.nativeId,
    kind: row.kind,
    title: row.title,
    preview: row.preview,
    status: row.status,
    nativeStatus: row.nativeStatus,
    createdAt: toPlain(row.createdAt),
    updatedAt: toPlain(row.updatedAt),
    userId: row.userId,
    agentKey: row.agentKey,
    teamKey: row.teamKey,
    workflowKey: row.workflowKey,
    tags: row.tags,
    totalTokens: row.totalTokens,
  };
}

function toPlain(instant: Instant | null): Instant | null {
  return instant === null ? null : { micros: instant.micros, text: instant.text };
}
