import type { CatalogStoreError } from '../catalog-store-error.ts';

/** For the log. A reason is a word: the message of an error may quote what was sent. */
export interface PostgresReport {
  readonly postgresLost: (reason: string) => void;
  readonly postgresBack: () => void;
  /** Searching reads every session, because there can be no index of trigrams. */
  readonly searchUnindexed: (reason: string) => void;
}

type Part = 'reading' | 'leading' | 'watching';

/** Lost when a part has no connection, and back when all have. */
export interface Health {
  fail(part: Part, error: CatalogStoreError): void;
  succeed(part: Part): void;
}

export function createHealth({ postgresLost, postgresBack }: PostgresReport): Health {
  const failing = new Set<Part>();
  return {
    fail(part, { reason }) {
      if (failing.size === 0) postgresLost(reason);
      failing.add(part);
    },
    succeed(part) {
      if (failing.delete(part) && failing.size === 0) postgresBack();
    },
  };
}
