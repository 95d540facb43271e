import DataLoader from 'dataloader';
import type { EntityRef } from '../domain/records.ts';
import type { BatchResult, Source } from '../providers/source.ts';
import type { Loaders } from './loaders.ts';

type Sources = ReadonlyMap<string, Source>;
type Ask<Row> = (source: Source, keys: readonly string[]) => Promise<BatchResult<Row>>;

/** Loaders for one operation: every source is asked once for all that a tick wants of it. */
export function createLoaders(sources: Sources): Loaders {
  const session = createLoader(sources, (source, keys) => source.sessions(keys));
  return {
    session,
    sessionDetail: createLoader(sources, (source, keys) => source.sessionDetails(keys)),
    agent: createLoader(sources, (source, keys) => source.agents(keys)),
    team: createLoader(sources, (source, keys) => source.teams(keys)),
    workflow: createLoader(sources, (source, keys) => source.workflows(keys)),
    workflowDetail: createLoader(sources, (source, keys) => source.workflowDetails(keys)),
    agentVersion: createLoader(sources, (source, keys) => source.agentVersions(keys)),
    versionsOfAgent: createLoader(sources, (source, keys) => source.versionsOfAgents(keys)),
    primeSession(record) {
      if (record.complete) session.prime(record, record);
    },
  };
}

function createLoader<Row>(sources: Sources, ask: Ask<Row>): DataLoader<EntityRef, Row | null, string> {
  return new DataLoader(
    async (refs) => {
      const wanted = new Map<string, string[]>();
      for (const { sourceId, key } of refs) {
        const keys = wanted.get(sourceId);
        if (keys === undefined) wanted.set(sourceId, [key]);
        else keys.push(key);
      }
      const answers = new Map(
        await Promise.all(
          [...wanted].map(
            async ([sourceId, keys]) => [sourceId, await askSource(sources.get(sourceId), keys, ask)] as const,
          ),
        ),
      );
      return refs.map(({ sourceId, key }) => answers.get(sourceId)?.get(key) ?? null);
    },
    { cacheKeyFn: ({ sourceId, key }) => `${sourceId}/${key}` },
  );
}

/** By key: what one source fails to answer must not touch the keys of the others. */
async function askSource<Row>(
  source: Source | undefined,
  keys: readonly string[],
  ask: Ask<Row>,
): Promise<ReadonlyMap<string, Row | null | Error>> {
  if (source === undefined) return new Map();
  try {
    const rows = await ask(source, keys);
    if (rows.length !== keys.length) {
      throw new Error(`Source ${source.id} was asked for ${keys.length} keys and answered ${rows.length}.`);
    }
    return new Map(keys.map((key, index) => [key, rows[index] ?? null]));
  } catch (cause) {
    const error = cause instanceof Error ? cause : new Error(`Source ${source.id} failed.`, { cause });
    return new Map(keys.map((key) => [key, error]));
  }
}
