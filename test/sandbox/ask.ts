import { request } from 'node:http';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

export interface AskOptions {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** The path goes out exactly as given: `fetch` would resolve `..` and re-encode it. Redirects are not followed. */
export function ask(baseUrl: string, path: string, options: AskOptions = {}): Promise<Answer> {
  const base = new URL(baseUrl);
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        host: base.hostname,
        port: base.port,
        path: `${base.pathname === '/' ? '' : base.pathname}${path}`,
        method: options.method ?? 'GET',
        headers: options.headers ?? {},
        agent: false,
        ...(options.signal === undefined ? {} : { signal: options.signal }),
      },
      (response) => {
        const pieces: Buffer[] = [];
        response.on('data', (piece: Buffer) => pieces.push(piece));
        response.on('error', reject);
        response.on('end', () => {
          const body = Buffer.concat(pieces).toString('utf8');
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body });
        });
      },
    );
    outgoing.on('error', reject);
    outgoing.end();
  });
}

export async function askJson<T>(baseUrl: string, path: string, options: AskOptions = {}): Promise<T> {
  const answer = await ask(baseUrl, path, options);
  if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}: ${answer.body}`);
  return JSON.parse(answer.body) as T;
}

/** Status, content type and body in one line, as the captures show them. */
export function told(answer: Answer): string {
  return `${answer.status} ${answer.headers['content-type'] ?? '-'} ${answer.body}`;
}
