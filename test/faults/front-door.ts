import { Agent } from 'undici';
import { toConfig } from '../../src/config/load-config.ts';
import { createApp } from '../../src/server/app.ts';
import { createLog } from '../../src/server/log.ts';
import { secretsOf } from '../../src/server/secrets.ts';
import { schema } from '../schema/execute.ts';
import { patient } from '../server/ask.ts';

/** The whole server on a port of its own, asked over real HTTP. */
export interface FrontDoor {
  readonly url: string;
  ask(query: string, options?: AskOptions): Promise<Answer>;
  send(request: RawRequest): Promise<RawAnswer>;
  /** Everything it has written to its log. */
  logged(): string;
  close(): Promise<void>;
}

export interface AskOptions {
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface RawRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer | null;
}

export interface RawAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly text: string;
}

export interface Answer {
  readonly status: number;
  readonly text: string;
  // What a query answers depends on the query: tests say what they expect of it.
  readonly data: Readonly<Record<string, unknown>> | null;
  readonly errors: readonly AnswerError[];
}

export interface AnswerError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions?: Readonly<Record<string, unknown>>;
}

/** `value` is what a configuration file would say. */
export async function openFrontDoor(value: {
  readonly server?: object;
  readonly sources: readonly object[];
}): Promise<FrontDoor> {
  const config = toConfig({ ...value, server: { port: 0, ...patient, ...value.server } });
  const lines: string[] = [];
  const stream = { write: (line: string) => void lines.push(line) };
  const app = createApp(config, { schema, log: createLog({ level: 'debug', secrets: secretsOf(config), stream }) });
  const url = await app.listen();
  const { origin, pathname } = new URL(url);
  const agent = new Agent();

  async function send({ method, path, headers, body }: RawRequest): Promise<RawAnswer> {
    const answer = await agent.request({ origin, path, method: method as 'GET', headers, body });
    const contentType = String(answer.headers['content-type'] ?? '');
    return { status: answer.statusCode, contentType, text: await answer.body.text() };
  }

  return {
    url,
    send,
    async ask(query, { variables = {}, headers = {} } = {}) {
      const { status, text } = await send({
        method: 'POST',
        path: pathname,
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ query, variables }),
      });
      const { data = null, errors = [] } = JSON.parse(text) as Partial<Pick<Answer, 'data' | 'errors'>>;
      return { status, text, data, errors };
    },
    logged: () => lines.join(''),
    async close() {
      await Promise.all([agent.close(), app.close()]);
    },
  };
}
