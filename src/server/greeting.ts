import type { Config, SourceEntry } from '../config/config.ts';
import type { Trial } from '../create-context.ts';
import type { UpstreamError } from '../domain/errors.ts';

export interface Urls {
  readonly endpoint: string;
  /** Null when there are none. */
  readonly metrics: string | null;
}

/** What the process says once it listens. */
export function toGreeting(config: Config, { endpoint, metrics }: Urls, isSandbox: boolean): string {
  return [
    ...toEndpointLines(config, endpoint),
    ...(metrics === null ? [] : [`Prometheus reads metrics at ${metrics}`]),
    '',
    ...toSourceLines(config, isSandbox),
    '',
    ...(isSandbox
      ? ['For your own platforms, write a configuration (see README.md): npm start -- --config <file>']
      : toChangeLines()),
    'Press Ctrl-C to stop.',
    '',
  ].join('\n');
}

/** Windows has no such signal. */
function toChangeLines(): readonly string[] {
  return process.platform === 'win32' ? [] : [`After a change of the configuration: kill -HUP ${process.pid}`];
}

/** What the process says once it answers by another configuration. */
export function toChange(config: Config, endpoint: string): string {
  return [
    'The configuration was read again.',
    ...toEndpointLines(config, endpoint),
    ...toSourceLines(config, false),
    '',
  ].join('\n');
}

function toEndpointLines({ server }: Config, endpoint: string): readonly string[] {
  return [
    `Session Graph answers GraphQL at ${endpoint}`,
    ...(server.graphiql ? [`GraphiQL, with example queries, is at ${endpoint} in a browser.`] : []),
  ];
}

function toSourceLines({ sources }: Config, isSandbox: boolean): readonly string[] {
  return [
    isSandbox
      ? `It reads sample data from ${sources.length} sources that are simulated in this process:`
      : `It reads ${sources.length} ${sources.length === 1 ? 'source' : 'sources'}:`,
    ...sources.map((entry) => line(entry, sources, `${entry.provider.title}, ${new URL(entry.url).origin}`)),
  ];
}

/** What became of trying one of the sources; null when the process stopped meanwhile. */
export function toTrialLine({ sourceId, result }: Trial, { sources }: Config): string | null {
  const entry = sources.find(({ id }) => id === sourceId);
  if (entry === undefined) return null;
  switch (result.kind) {
    case 'abandoned':
      return null;
    case 'answers':
      return line(entry, sources, 'reachable');
    case 'untried':
      return line(entry, sources, untried[result.needs]);
    case 'fails':
      return line(entry, sources, `${toVerdict(result.error, entry)}${toEvidence(result.error)}`);
  }
}

const untried = {
  viewer: 'not tested: it is read as the viewer of each request',
  credential: 'not tested: it needs the credential of the caller',
} as const;

function line({ id }: SourceEntry, sources: readonly SourceEntry[], text: string): string {
  const width = Math.max(...sources.map((source) => source.id.length));
  return `  ${id.padEnd(width)}  ${text}`;
}

function toVerdict({ code, status, sentence }: UpstreamError, { provider }: SourceEntry): string {
  switch (code) {
    case 'UPSTREAM_UNAUTHENTICATED':
    case 'UPSTREAM_FORBIDDEN':
      return 'refuses the credential';
    case 'UPSTREAM_NOT_FOUND':
    case 'UPSTREAM_REJECTED':
    case 'UPSTREAM_BAD_RESPONSE':
      return `does not look like ${provider.title}`;
    case 'UPSTREAM_TIMEOUT':
    case 'UPSTREAM_UNAVAILABLE':
      return status === null ? 'does not answer' : 'fails';
    default:
      return sentence;
  }
}

function toEvidence({ request, status }: UpstreamError): string {
  if (request === null) return '';
  if (status === null) return `: ${request}`;
  return status < 300 ? `: ${request} answers something else` : `: ${request} answers ${status}`;
}
