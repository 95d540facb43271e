import { createRequire } from 'node:module';
import type { SqlValue } from './sql.ts';
import { toStoreError } from './to-store-error.ts';

/** What is asked of one connection to a PostgreSQL server. */
export interface PostgresConnection {
  /** Connects at the first. */
  query(text: string, values: readonly SqlValue[]): Promise<readonly unknown[]>;
  /** At once: what has not been answered is refused. */
  close(): void;
}

export interface PostgresEvents {
  readonly onClosed: () => void;
  readonly onNotification: (payload: string) => void;
}

export type ConnectPostgres = (url: string, events: PostgresEvents) => PostgresConnection;

const connectSeconds = 5;
/** Less than what is waited for here, so that the server ends a statement before nobody waits for it. */
const statementMs = 6_000;

/** Null when the optional package `postgres` is not installed. Loaded only here, because most servers do without. */
export function loadPostgres(): ConnectPostgres | null {
  const require = createRequire(import.meta.url);
  let postgres: typeof import('postgres');
  try {
    postgres = require('postgres');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'MODULE_NOT_FOUND') return null;
    throw error;
  }
  return (url, events) => {
    try {
      return connect(postgres, url, events);
    } catch (error) {
      // It would have the URL in it.
      throw toStoreError(error);
    }
  };
}

function connect(
  postgres: typeof import('postgres'),
  url: string,
  { onClosed, onNotification }: PostgresEvents,
): PostgresConnection {
  const client = postgres(url, {
    max: 1,
    connect_timeout: connectSeconds,
    keep_alive: 3,
    max_lifetime: null,
    // A name for each text would keep the plans of all of them, and choose plans without knowing what is searched for.
    prepare: false,
    fetch_types: false,
    onnotice: () => {},
    onclose: onClosed,
    // The package declares no type for it.
    ...{ onnotify: (_channel: string, payload: string) => onNotification(payload) },
    connection: {
      application_name: 'session-graph',
      statement_timeout: statementMs,
      lock_timeout: statementMs,
      idle_in_transaction_session_timeout: statementMs,
      // It takes longer than what it makes faster.
      jit: 'off',
      // So that the server too notices soon that this process cannot be reached any more.
      tcp_keepalives_idle: 3,
      tcp_keepalives_interval: 2,
      tcp_keepalives_count: 2,
    },
  });
  return {
    query: (text, values) => client.unsafe(text, [...values]),
    close: () => void client.end({ timeout: 0 }),
  };
}
