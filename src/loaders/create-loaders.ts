import DataLoader from 'dataloader';
import type { BatchResult, Source } from '../providers/source.ts';
import type { EntityLoader, Loaders } from './loaders.ts';

type Sources = ReadonlyMap<string, Source>;
type Ask<Row> = (source: Source, keys: readonly string[]) => Promise<BatchResult<Row>>;

/** Loaders for one operation. Each source gets one call for all keys that are wanted in one tick, and none waits for another. */
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

function createLoader<Row>(sources: Sources, ask: Ask<Row>): EntityLoader<Row> {
  const loaders = new Map<string, DataLoader<string, Row | null>>();

  /** Null for a source that is not configured: ids from elsewhere find nothing. */
  function loaderOf(sourceId: string): DataLoader<string, Row | null> | null {
    const known = loaders.get(sourceId);
    if (known !== undefined) return known;
    const source = sources.get(sourceId);
    if (source === undefined) return null;
    const loader = new DataLoader<string, Row | null>((keys) => askSource(source, keys, ask));
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
