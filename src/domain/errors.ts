export type UpstreamCode =
  | 'UPSTREAM_TIMEOUT'
  | 'UPSTREAM_UNAVAILABLE'
  | 'UPSTREAM_RATE_LIMITED'
  | 'UPSTREAM_UNAUTHENTICATED'
  | 'UPSTREAM_FORBIDDEN'
  | 'UPSTREAM_BAD_RESPONSE'
  | 'UPSTREAM_REJECTED'
  | 'UPSTREAM_NOT_FOUND'
  | 'UPSTREAM_UNSAFE_ID'
  | 'UPSTREAM_BUDGET_EXCEEDED';

const sentences: Readonly<Record<UpstreamCode, string>> = {
  UPSTREAM_TIMEOUT: 'did not answer in time',
  UPSTREAM_UNAVAILABLE: 'cannot be reached or failed',
  UPSTREAM_RATE_LIMITED: 'asks for fewer requests',
  UPSTREAM_UNAUTHENTICATED: 'does not accept the configured credential',
  UPSTREAM_FORBIDDEN: 'does not allow this',
  UPSTREAM_BAD_RESPONSE: 'gave an answer that cannot be read',
  UPSTREAM_REJECTED: 'rejected the request',
  UPSTREAM_NOT_FOUND: 'does not have a list that it should have: its URL or another of its settings looks wrong',
  UPSTREAM_UNSAFE_ID: 'is not asked for an id with a slash or ".." in it, because that could name something else',
  UPSTREAM_BUDGET_EXCEEDED: 'is not asked again: this operation has sent as many requests as it may',
};

const retryable: ReadonlySet<UpstreamCode> = new Set([
  'UPSTREAM_TIMEOUT',
  'UPSTREAM_UNAVAILABLE',
  'UPSTREAM_RATE_LIMITED',
]);

export interface UpstreamErrorOptions {
  readonly cause?: unknown;
  readonly status?: number;
  /** What the message says of the source where the usual words for the code would mislead. */
  readonly sentence?: string;
  /** Method and path of what was asked, without anybody's values; for the log. */
  readonly request?: string;
  readonly retryAfterMs?: number | null;
}

/** What went wrong with a source. The message is for clients; `cause` is for the log and never leaves the process. */
export class UpstreamError extends Error {
  readonly sourceId: string;
  readonly code: UpstreamCode;
  readonly retryable: boolean;
  readonly status: number | null;
  /** What became of the source, to go on after its name. */
  readonly sentence: string;
  readonly request: string | null;
  /** How long the platform asks not to be asked again; null when it does not say. */
  readonly retryAfterMs: number | null;

  constructor(sourceId: string, code: UpstreamCode, options: UpstreamErrorOptions = {}) {
    const sentence = options.sentence ?? sentences[code];
    super(`Source "${sourceId}" ${sentence}.`, { cause: options.cause });
    this.name = 'UpstreamError';
    this.sourceId = sourceId;
    this.code = code;
    this.retryable = retryable.has(code);
    this.status = options.status ?? null;
    this.sentence = sentence;
    this.request = options.request ?? null;
    this.retryAfterMs = options.retryAfterMs ?? null;
  }
}

/** Whether a platform answered with one of these, or what it answered means one. */
export function hasStatus(error: unknown, ...statuses: readonly number[]): error is UpstreamError {
  return error instanceof UpstreamError && error.status !== null && statuses.includes(error.status);
}

/** Thrown for a page to which no source could contribute, so that the client learns of each what went wrong. */
export class SourcesFailedError extends Error {
  readonly errors: readonly UpstreamError[];

  constructor(errors: readonly UpstreamError[]) {
    super(['No source could be read.', ...errors.map(({ message }) => message)].join(' '));
    this.name = 'SourcesFailedError';
    this.errors = errors;
  }
}

/** The same error, with the request that it happened to. */
export function withRequest(
  { sourceId, code, cause, status, sentence, retryAfterMs }: UpstreamError,
  request: string,
): UpstreamError {
  const told = { cause, sentence, request, retryAfterMs };
  return new UpstreamError(sourceId, code, status === null ? told : { ...told, status });
}

export type RequestErrorCode = 'BAD_USER_INPUT' | 'BAD_CURSOR' | 'CATALOG_OFF' | 'UNAUTHENTICATED' | 'FORBIDDEN';

/** The caller's mistake. The message is for the caller. */
export class RequestError extends Error {
  readonly code: RequestErrorCode;

  constructor(code: RequestErrorCode, message: string) {
    super(message);
    this.name = 'RequestError';
    this.code = code;
  }
}
