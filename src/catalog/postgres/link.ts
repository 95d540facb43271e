import type { CatalogStoreError } from '../catalog-store-error.ts';
import type { ConnectPostgres } from './driver.ts';
import { type Sql, sql, toText } from './sql.ts';
import { createStoreError, isUnreachable, toStoreError } from './to-store-error.ts';

/** One connection, for as long as it holds: after that every statement fails, and another link is needed. For one user at a time. */
export interface Link {
  query(statement: Sql): Promise<readonly unknown[]>;
  /** What `work` does is kept as a whole, or nothing of it when it fails. */
  transaction<Result>(work: () => Promise<Result>): Promise<Result>;
  readonly lost: AbortSignal;
  close(): void;
}

export interface LinkSettings {
  readonly onNotification?: (payload: string) => void;
  /** A statement that is not answered by then has no connection any more: the server ends one before. Default: 8 seconds. */
  readonly patienceMs?: number;
}

export type OpenLink = (settings?: LinkSettings) => Link;

export function createOpenLink(connect: ConnectPostgres, url: string): OpenLink {
  return ({ onNotification = () => {}, patienceMs = 8_000 } = {}) => {
    const losing = new AbortController();
    const connection = connect(url, { onClosed: () => lose(createStoreError('CONNECTION_CLOSED')), onNotification });

    function lose(error: unknown): void {
      losing.abort(toStoreError(error));
      connection.close();
    }

    function toRefusal(error: unknown): CatalogStoreError {
      const refusal = toStoreError(error);
      if (isUnreachable(refusal)) lose(refusal);
      return refusal;
    }

    /** The driver would connect anew, without the locks and in the midst of a transaction: after a loss it is not asked again. */
    function query(statement: Sql): Promise<readonly unknown[]> {
      return new Promise((resolve, reject) => {
        const { signal } = losing;
        if (signal.aborted) return reject(signal.reason);
        // What the driver says about a loss is more exact, and is said in the same turn.
        const onLost = () => setImmediate(() => reject(signal.reason));
        const timer = setTimeout(() => lose(createStoreError('TIMEOUT')), patienceMs);
        signal.addEventListener('abort', onLost);
        connection
          .query(toText(statement), statement.values)
          .then(resolve, (error: unknown) => reject(toRefusal(error)))
          .finally(() => {
            clearTimeout(timer);
            signal.removeEventListener('abort', onLost);
          });
      });
    }

    return {
      query,
      lost: losing.signal,
      async transaction(work) {
        await query(sql`begin`);
        try {
          const result = await work();
          await query(sql`commit`);
          return result;
        } catch (error) {
          await query(sql`rollback`).catch(lose);
          throw error;
        }
      },
      close: () => lose(createStoreError('CONNECTION_ENDED')),
    };
  };
}
