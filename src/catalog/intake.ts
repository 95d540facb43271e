import { type CatalogEntry, type KeptField, withoutFields } from './entry.ts';
import type { FollowedOperation, FollowedSession } from './followed-source.ts';
import type { Ledger } from './ledger.ts';
import { toProblem } from './problem.ts';
import { CatalogFullError, type CatalogWriter } from './store.ts';

/** Brings what was read of a source into the store. */
export interface Intake {
  /** Keeps what a list says. Sessions of which it says too little are only named, to be looked up. */
  list(sessions: readonly FollowedSession[]): Promise<TakenList>;
  /** Reads a few sessions singly and keeps what they are now. Those that are gone are removed, unless the list still shows such. */
  lookUp(keys: readonly string[], operation: FollowedOperation): Promise<TakenLookups>;
}

export interface Taken {
  /** How many sessions are new, changed or gone. */
  readonly changed: number;
  /** Why not all is kept, for people; null when it is. */
  readonly full: string | null;
}

export interface TakenList extends Taken {
  readonly unknown: readonly string[];
}

export interface TakenLookups extends Taken {
  /** What could not be read. */
  readonly failed: readonly string[];
  /** What the platform said is gone. */
  readonly gone: readonly string[];
  readonly problem: string | null;
}

/** So many are read singly before it is looked whether something else is to be done. */
export const lookupsAtOnce = 10;

const advice =
  'Sessions that are not in it yet are left out until there is room: raise `server.catalog.maxSessions`, set `server.catalog.postgres`, or follow fewer sources.';

const nothing: Taken = { changed: 0, full: null };

export function createIntake(writer: CatalogWriter, ledger: Ledger, kept: ReadonlySet<KeptField>): Intake {
  async function write(entries: readonly CatalogEntry[]): Promise<Taken> {
    if (entries.length === 0) return nothing;
    const allowed = entries.map((entry) => withoutFields(entry, kept));
    const mark = ledger.mark();
    try {
      return { changed: await writer.write(allowed, mark.sweep, mark), full: null };
    } catch (error) {
      if (!(error instanceof CatalogFullError)) throw error;
      await ledger.change({ sweptAt: null });
      const known = await writer.entries(entries.map(({ key }) => key));
      const rest = allowed.filter(({ key }) => known.has(key));
      const changed = rest.length === 0 ? 0 : await writer.write(rest, mark.sweep, ledger.mark());
      return { changed, full: `${error.message} ${advice}` };
    }
  }

  return {
    async list(sessions) {
      const partial = sessions.filter(({ complete }) => !complete).map(({ entry }) => entry.key);
      const known = partial.length === 0 ? new Map<string, CatalogEntry>() : await writer.entries(partial);
      const unknown: string[] = [];
      const entries = sessions.flatMap(({ entry, complete }) => {
        const before = known.get(entry.key);
        if (complete) return [entry];
        if (before !== undefined && before.updatedAt?.micros === entry.updatedAt?.micros)
          return [withLookedUp(entry, before)];
        unknown.push(entry.key);
        return [];
      });
      return { ...(await write(entries)), unknown };
    },
    async lookUp(keys, operation) {
      const answers = await operation.sessions(keys);
      const known = await writer.entries(keys);
      const found: CatalogEntry[] = [];
      const gone: string[] = [];
      const failed: string[] = [];
      let problem: string | null = null;
      for (const [index, key] of keys.entries()) {
        const answer = answers[index];
        if (answer instanceof Error) {
          failed.push(key);
          problem ??= toProblem(answer);
        } else if (answer === null || answer === undefined) gone.push(key);
        else found.push(withListed(answer.entry, known.get(key)));
      }
      const { changed, full } = await write(found);
      const removed = gone.length === 0 || operation.listsDeleted ? 0 : await writer.remove(gone);
      return { changed: changed + removed, full, failed, gone, problem };
    },
  };
}

/** The row of a list, with what was found when the session was last read alone. */
function withLookedUp(row: CatalogEntry, before: CatalogEntry): CatalogEntry {
  return {
    ...row,
    preview: row.preview ?? before.preview,
    userId: row.userId ?? before.userId,
    agentKey: row.agentKey ?? before.agentKey,
    teamKey: row.teamKey ?? before.teamKey,
    workflowKey: row.workflowKey ?? before.workflowKey,
    totalTokens: row.totalTokens ?? before.totalTokens,
  };
}

/** Platforms show the beginning of a conversation in lists only. */
function withListed(single: CatalogEntry, before: CatalogEntry | undefined): CatalogEntry {
  return { ...single, preview: single.preview ?? before?.preview ?? null };
}
