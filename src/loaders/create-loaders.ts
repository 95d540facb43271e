import DataLoader from 'dataloader';
import { type Make, makeAnew } from '../domain/make.ts';
import type { BatchResult, Source } from '../providers/source.ts';
import type { EntityLoader, Loaders } from './loaders.ts';

type Sources = ReadonlyMap<string, Source>;
type Ask<Row> = (source: Source, keys: readonly string[]) => Promise<BatchResult<Row>>;

/** Loaders for one operation. Each source gets one call for all keys that are wanted in one tick, and none waits for another. */
export function createLoaders(sources: Sources, make: Make = makeAnew): Loaders {
  function createLoader<Row>(name: string, ask: Ask<Row>): EntityLoader<Row> {
    return loaderOver(sources, (source, keys) =>
      make({
        sourceIds: [source.id],
        name: JSON.stringify([name, keys]),
        make: () => askSource(source, keys, ask),
        toLasting: (rows) => (rows.some((row) => row instanceof Error) ? null : { made: rows, rows: rows.length }),
      }),
    );
  }

  const session = createLoader('session', (source, keys) => source.sessions(keys));
  return {
    session,
    sessionDetail: createLoader('sessionDetail', (source, keys) => source.sessionDetails(keys)),
    agent: createLoader('agent', (source, keys) => source.agents(keys)),
    team: createLoader('team', (source, keys) => source.teams(keys)),
    workflow: createLoader('workflow', (source, keys) => source.workflows(keys)),
    workflowDetail: createLoader('workflowDetail', (source, keys) => source.workflowDetails(keys)),
    agentVersion: createLoader('agentVersion', (source, keys) => source.agentVersions(keys)),
    versionsOfAgent: createLoader('versionsOfAgent', (source, keys) => source.versionsOfAgents(keys)),
    primeSession(record) {
      if (record.complete) session.prime(record, record);
    },
  };
}

function loaderOver<Row>(sources: Sources, ask: Ask<Row>): EntityLoader<Row> {
  const loaders = new Map<string, DataLoader<string, Row | null>>();

  /** Null for a source that is not configured: ids from elsewhere find nothing. */
  function loaderOf(sourceId: string): DataLoader<string, Row | null> | null {
    const known = loaders.get(sourceId);
    if (known !== undefined) return known;
    const source = sources.get(sourceId);
    if (source === undefined) return null;
    const loader = new DataLoader<string, Row | null>((keys) => ask(source, keys));
    loaders.set(sourceId, loader);
    return loader;
  }

  return {
    load: ({ sourceId, key }) => loaderOf(sourceId)?.load(key) ?? Promise.resolve(null),
    prime({ sourceId, key }, row) {
      loaderOf(sourceId)?.prime(key, row);
    },
  };
}

async function askSource<Row>(source: Source, keys: readonly string[], ask: Ask<Row>): Promise<BatchResult<Row>> {
  const rows = await ask(source, keys);
  if (rows.length === keys.length) return rows;
  throw new Error(`Source ${source.id} was asked for ${keys.length} keys and answered ${rows.length}.`);
}
