import { onTestFinished } from 'vitest';
import { toConfig } from '../../src/config/load-config.ts';
import { startSandbox } from '../../src/sandbox/sandbox.ts';
import { type App, type AppOptions, createApp } from '../../src/server/app.ts';
import { createLog } from '../../src/server/log.ts';
import { secretsOf } from '../../src/server/secrets.ts';
import { schema } from '../schema/execute.ts';

export interface Asked {
  readonly app: App;
  /** Everything that was logged, a line each. */
  readonly logged: () => readonly string[];
  /** A POST of this body, as GraphQL clients send it. */
  ask(body: unknown, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  /** Any request at all. */
  send(path: string, init?: RequestInit): Promise<Answer>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Null when it is no JSON. */
  readonly json: unknown;
}

/** Nobody listens there: for tests that ask no platform. */
export const nowhere = { id: 'nowhere', provider: 'everruns', url: 'http://127.0.0.1:9' };

/** A busy machine may take its time. */
export const patient = { limits: { http: { attemptTimeoutMs: 900_000, deadlineMs: 900_000 } } };

/** For tests that count what each operation sends. */
export const unshared = { sharing: { enabled: false } };

export interface AskedConfig {
  readonly server?: Readonly<Record<string, unknown>>;
  readonly sources?: readonly Readonly<Record<string, unknown>>[];
}

/** The server, asked without a socket between. */
export function open({ server = {}, sources = [nowhere] }: AskedConfig = {}, options: AppOptions = {}): Asked {
  const config = toConfig({ server: { port: 0, ...patient, ...server }, sources });
  const lines: string[] = [];
  const stream = { write: (line: string) => void lines.push(line) };
  const log = createLog({ level: 'debug', secrets: secretsOf(config), stream });
  const app = createApp(config, { log, schema, ...options });

  async function send(path: string, init: RequestInit = {}): Promise<Answer> {
    const answer = await app.fetch(new Request(new URL(path, 'http://localhost'), init));
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, text, json: parse(text) };
  }

  return {
    app,
    logged: () => lines,
    send,
    ask: (body, headers = {}) =>
      send('/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
  };
}

/** The server over the sandbox, which ends with the test. */
export async function openSandbox(server: Readonly<Record<string, unknown>> = {}): Promise<Asked> {
  const sandbox = await startSandbox();
  onTestFinished(() => sandbox.close());
  const sources = sandbox.sources.map(({ id, provider, platform, settings }) => ({
    id,
    provider,
    url: platform.url,
    ...settings,
  }));
  return open({ server, sources });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
