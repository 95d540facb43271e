import type { Instant } from '../domain/instant.ts';
import type { CatalogEntry } from './entry.ts';

/** Whether both say the same, so that keeping one in place of the other is no change. */
export function isSameEntry(left: CatalogEntry, right: CatalogEntry): boolean {
  return (
    plainFields.every((field) => left[field] === right[field]) &&
    isSameInstant(left.createdAt, right.createdAt) &&
    isSameInstant(left.updatedAt, right.updatedAt) &&
    left.tags.length === right.tags.length &&
    left.tags.every((tag, index) => tag === right.tags[index])
  );
}

type ComparedField = 'createdAt' | 'updatedAt' | 'tags';

/** A table by field, so that a new field of entries is not forgotten here. */
const isPlain: Readonly<Record<Exclude<keyof CatalogEntry, ComparedField>, true>> = {
  sourceId: true,
  key: true,
  provider: true,
  nativeId: true,
  kind: true,
  title: true,
  preview: true,
  status: true,
  nativeStatus: true,
  userId: true,
  agentKey: true,
  teamKey: true,
  workflowKey: true,
  totalTokens: true,
};
const plainFields = Object.keys(isPlain) as (keyof typeof isPlain)[];

function isSameInstant(left: Instant | null, right: Instant | null): boolean {
  return left?.micros === right?.micros && left?.text === right?.text;
}
