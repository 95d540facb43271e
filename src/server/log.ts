import { type DestinationStream, destination, pino } from 'pino';
import type { PostgresReport } from '../catalog/postgres/health.ts';
import type { UpstreamError } from '../domain/errors.ts';
import type { RequestRecord } from '../observation/observer.ts';
import type { SourceSummary } from '../observation/source-summary.ts';
import { withoutSecrets } from './secrets.ts';

export interface Log extends PostgresReport {
  /** Asks for the entry only if it is to be written. */
  readonly operation: (read: () => OperationEntry) => void;
  /** A request to a platform. Nobody need make one where it is not to be written. */
  readonly request: ((requestId: string, request: RequestRecord) => void) | null;
  /** A failure of a source. The client gets fewer details. */
  readonly upstream: (requestId: string, error: UpstreamError) => void;
  /** A failure of this server. The client gets no details. */
  readonly failure: (requestId: string | null, error: unknown) => void;
  /** A request without valid authentication. */
  readonly refused: (requestId: string, reason: string) => void;
  /** Answers are not shared between replicas for now. */
  readonly redisLost: (reason: string) => void;
  readonly redisBack: () => void;
}

export interface OperationEntry {
  readonly requestId: string;
  readonly name: string | null;
  readonly milliseconds: number;
  /** What the query may cost at most, as it is limited; null when it was refused before that. */
  readonly cost: number | null;
  /** A hash; null for an anonymous caller. */
  readonly viewer: string | null;
  readonly errorCodes: readonly string[];
  /** How many results a subscription had until it ended; absent for all else. */
  readonly events?: number;
  readonly sources: readonly SourceSummary[];
}

export interface LogSettings {
  readonly level: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'silent';
  /** Never written to the log, wherever they appear. */
  readonly secrets: readonly string[];
  /** Standard error unless a test has its own. */
  readonly stream?: DestinationStream;
}

export function createLog({ level, secrets, stream }: LogSettings): Log {
  const logger = pino({ level, base: null }, stream ?? destination(2));
  const tell = (thing: unknown) => describe(thing, (text) => clean(text, secrets));
  return {
    operation(read) {
      if (logger.isLevelEnabled('info')) logger.info(read(), 'operation');
    },
    request: logger.isLevelEnabled('debug')
      ? (requestId, request) => logger.debug({ requestId, ...toEntry(request, secrets) }, 'request')
      : null,
    upstream(requestId, { sourceId, code, status, sentence, request, cause }) {
      const asked = request === null ? null : clean(request, secrets);
      logger.warn({ requestId, sourceId, code, status, request: asked, sentence, cause: tell(cause) }, 'upstream');
    },
    failure: (requestId, error) => logger.error({ requestId, error: tell(error) }, 'failure'),
    refused: (requestId, reason) => logger.warn({ requestId, reason }, 'refused'),
    redisLost: (reason) => logger.warn({ state: 'lost', reason }, 'redis'),
    redisBack: () => logger.info({ state: 'back' }, 'redis'),
    postgresLost: (reason) => logger.warn({ state: 'lost', reason }, 'postgres'),
    postgresBack: () => logger.info({ state: 'back' }, 'postgres'),
    searchUnindexed: (reason) => logger.warn({ state: 'without an index for searches', reason }, 'postgres'),
  };
}

function toEntry(
  { target, attempt, waitedMs, startedAt, endedAt, ...rest }: RequestRecord,
  secrets: readonly string[],
) {
  return {
    sourceId: target.sourceId,
    request: clean(target.name(), secrets),
    attempt,
    waitedMilliseconds: Math.round(waitedMs),
    milliseconds: endedAt === null ? null : Math.round(endedAt - startedAt),
    ...rest,
  };
}

interface Description {
  readonly name: string;
  readonly message: string;
  readonly stack?: string;
  readonly cause?: Description | null;
}

const maxCauses = 5;

/** Only what every error has: further properties may hold addresses, headers and bodies. */
function describe(thing: unknown, tidy: (text: string) => string, depth = 0): Description | null {
  if (thing === undefined || thing === null || depth > maxCauses) return null;
  if (!(thing instanceof Error)) return { name: typeof thing, message: 'A value that is not an Error was thrown.' };
  return {
    name: thing.name,
    message: tidy(thing.message),
    stack: tidy(thing.stack ?? ''),
    cause: describe(thing.cause, tidy, depth + 1),
  };
}

function clean(text: string, secrets: readonly string[]): string {
  return withoutSecrets(text, secrets)
    .replaceAll(/(?:https?|rediss?|postgres(?:ql)?):\/\/[^\s"'<>)]+/gi, '[url]')
    .replaceAll(/\b(Bearer|ApiKey|Basic)\s+\S+/gi, '$1 [secret]');
}
