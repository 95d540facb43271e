import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Instant } from '../../domain/instant.ts';
import type { CatalogEntry } from '../entry.ts';
import { placeOf } from '../place.ts';
import type { CatalogOrderField } from '../query.ts';
import { searchTextOf, toLower } from '../search.ts';
import { toColumn } from './moment.ts';
import { type Sql, sql } from './sql.ts';
import { toStored } from './text.ts';

const instant = z.object({ micros: z.number(), text: z.string() });
const text = z.string().nullable();
const wholeEntry = z.object({
  sourceId: z.string(),
  key: z.string(),
  provider: z.string(),
  nativeId: z.string(),
  kind: z.enum(['AGENT', 'TEAM', 'WORKFLOW']),
  title: text,
  preview: text,
  status: z.enum(['STARTING', 'RUNNING', 'WAITING', 'IDLE', 'FAILED', 'ENDED', 'UNKNOWN']),
  nativeStatus: text,
  createdAt: instant.nullable(),
  updatedAt: instant.nullable(),
  userId: text,
  agentKey: text,
  teamKey: text,
  workflowKey: text,
  tags: z.array(z.string()),
  totalTokens: z.number().nullable(),
}) satisfies z.ZodType<CatalogEntry>;

/** All of an entry, the fields in one order: equal entries have equal facts. JSON escapes what PostgreSQL cannot keep. */
export function toFacts(entry: CatalogEntry): string {
  return JSON.stringify(wholeEntry.parse(entry));
}

export function fromFacts(facts: string): CatalogEntry {
  return wholeEntry.parse(JSON.parse(facts));
}

/** Stands for a key where long texts have no place. */
export function digestOf(key: string): string {
  return createHash('sha256').update(key, 'utf16le').digest('hex').slice(0, 32);
}

/** How PostgreSQL reads what `toRow` makes. */
export const rowColumns: Sql = sql`
  digest uuid, key text, facts text, native_id text, provider text, kind text, status text, agent text, team text, workflow text,
  user_id text, tags text[], day text, created_at float8, updated_at float8, total_tokens float8, title text, heading text, search text`;

export function toRow(entry: CatalogEntry) {
  const moment = (field: CatalogOrderField) => toColumn(field, placeOf(entry, field).moment);
  const heading = entry.title ?? entry.preview;
  return {
    digest: digestOf(entry.key),
    key: toStored(entry.key),
    facts: toFacts(entry),
    native_id: toStored(entry.nativeId),
    provider: toStored(entry.provider),
    kind: entry.kind,
    status: entry.status,
    agent: orNull(entry.agentKey),
    team: orNull(entry.teamKey),
    workflow: orNull(entry.workflowKey),
    user_id: orNull(entry.userId),
    tags: [...new Set(entry.tags)].map(toStored),
    day: entry.createdAt === null ? null : dayOf(entry.createdAt),
    created_at: moment('createdAt'),
    updated_at: moment('updatedAt'),
    total_tokens: moment('totalTokens'),
    title: moment('title'),
    heading: heading === null ? null : toStored(toLower(heading)),
    search: toStored(searchTextOf(entry)),
  };
}

/** In UTC, such as 2026-11-21. */
function dayOf({ micros }: Instant): string {
  const text = new Date(Math.floor(micros / 1000)).toISOString();
  return text.slice(0, text.indexOf('T'));
}

function orNull(value: string | null): string | null {
  return value === null ? null : toStored(value);
}
