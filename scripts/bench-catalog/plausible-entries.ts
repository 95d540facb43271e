import type { CatalogEntry } from '../../src/catalog/entry.ts';
import { instantFromSeconds } from '../../src/domain/instant.ts';
import type { SessionKind, SessionStatus } from '../../src/domain/records.ts';

const things = 'refund order invoice delivery password account subscription address coupon receipt'.split(' ');
const states = 'failed delayed missing duplicate expired wrong blocked late broken unexpected'.split(' ');
const others =
  'please check why the customer of our shop in Berlin says that it was never sent and wants to know when we can call back about this before friday because another team has already asked twice for the same report from last month with all numbers by region and product'.split(
    ' ',
  );
const tags = 'vip urgent billing shipping returns eu us apac beta internal escalated reviewed'.split(' ');
const statuses: readonly SessionStatus[] = ['IDLE', 'IDLE', 'IDLE', 'ENDED', 'ENDED', 'RUNNING', 'WAITING', 'FAILED'];
const kinds: readonly SessionKind[] = ['AGENT', 'AGENT', 'AGENT', 'TEAM', 'WORKFLOW'];
const providers = ['agno', 'everruns', 'agentscope', 'foundry'];

export const sourceIds = ['prod-eu', 'prod-us', 'staging', 'support', 'research', 'back-office'] as const;

const newest = Date.UTC(2026, 10, 21, 12) / 1000;
const ninetyDays = 90 * 86_400;

/** Sessions such as a company has, the same ones each time for a seed. Every string is one of its own, as it is when it comes from a platform. */
export function plausibleEntries(count: number, seed: number): readonly CatalogEntry[] {
  const random = createRandom(seed);
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T;
  const words = (least: number, most: number) =>
    Array.from({ length: least + Math.floor(random() * (most - least)) }, () => pick(others));
  const hex = (length: number) => Array.from({ length }, () => Math.floor(random() * 16).toString(16)).join('');

  function sentence(least: number, most: number): string {
    return [pick(things), pick(states), ...words(least, most)].sort(() => random() - 0.5).join(' ');
  }

  function entry(): CatalogEntry {
    const source = Math.floor(random() * sourceIds.length);
    const nativeId = `${hex(8)}-${hex(4)}-4${hex(3)}-8${hex(3)}-${hex(12)}`;
    const kind = pick(kinds);
    const created = newest - random() * ninetyDays;
    return {
      sourceId: sourceIds[source] ?? '',
      key: `${kind.toLowerCase()}/${nativeId}`,
      provider: providers[source % providers.length] ?? '',
      nativeId,
      kind,
      title: random() < 0.7 ? sentence(2, 7) : null,
      preview: random() < 0.8 ? sentence(12, 35) : null,
      status: pick(statuses),
      nativeStatus: random() < 0.5 ? 'active' : null,
      createdAt: instantFromSeconds(created),
      updatedAt: instantFromSeconds(Math.min(newest, created + random() * 7_200)),
      userId: random() < 0.9 ? `user-${Math.floor(random() * 3_000)}@example.org` : null,
      agentKey: kind === 'AGENT' ? `agent-${Math.floor(random() * 40)}` : null,
      teamKey: kind === 'TEAM' ? `team-${Math.floor(random() * 8)}` : null,
      workflowKey: kind === 'WORKFLOW' ? `workflow-${Math.floor(random() * 8)}` : null,
      tags: Array.from({ length: Math.floor(random() * 3) }, () => pick(tags)),
      totalTokens: random() < 0.8 ? Math.floor(random() * 200_000) : null,
    };
  }

  // Through JSON, so that no two share their strings.
  return Array.from({ length: count }, () => JSON.parse(JSON.stringify(entry())));
}

/** Numbers from 0 to 1 that are the same in each run (mulberry32). */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
