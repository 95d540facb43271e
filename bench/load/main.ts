/** The clients, in a process of their own: each asks again as soon as it is answered. */
import { answerParent } from '../parent.ts';
import { type Connection, connect } from './connection.ts';

export interface Target {
  readonly url: string;
  readonly connections: number;
  /** Asked by turns. */
  readonly requests: readonly ClientRequest[];
}

export interface ClientRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Null when the answer may differ from one time to the next; its status still counts. */
  readonly expected: string | null;
}

export interface Load {
  readonly answers: number;
  readonly wrong: number;
  readonly milliseconds: number;
  readonly p50: number;
  readonly p99: number;
  readonly cpuMicros: number;
}

interface PreparedRequest {
  readonly bytes: Buffer;
  readonly expected: Buffer | null;
}

let connections: readonly Connection[] = [];
let requests: readonly PreparedRequest[] = [];
let turn = 0;

answerParent({
  async aim({ url, connections: count, requests: asked }: Target) {
    for (const connection of connections) connection.close();
    const { hostname, port, pathname } = new URL(url);
    requests = asked.map(({ headers, body, expected }) => ({
      bytes: toBytes(pathname, { host: `${hostname}:${port}`, ...headers }, body),
      expected: expected === null ? null : Buffer.from(expected),
    }));
    connections = await Promise.all(Array.from({ length: count }, () => connect(hostname, Number(port))));
  },
  run: (milliseconds: number): Promise<Load> => run(milliseconds),
});

async function run(milliseconds: number): Promise<Load> {
  const start = performance.now();
  const startCpu = process.cpuUsage();
  const latencies: number[] = [];
  let wrong = 0;
  const clients = connections.map(async (connection) => {
    for (;;) {
      const request = requests[turn++ % requests.length];
      if (request === undefined) throw new Error('There is nothing to ask.');
      const asked = performance.now();
      if (asked - start >= milliseconds) return;
      const { status, body } = await connection.ask(request.bytes);
      latencies.push(performance.now() - asked);
      if (status !== 200 || (request.expected !== null && !request.expected.equals(body))) wrong += 1;
    }
  });
  await Promise.all(clients);
  const elapsed = performance.now() - start;
  const { user, system } = process.cpuUsage(startCpu);
  const sorted = Float64Array.from(latencies).sort();
  const quantile = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return {
    answers: latencies.length,
    wrong,
    milliseconds: elapsed,
    p50: quantile(0.5),
    p99: quantile(0.99),
    cpuMicros: user + system,
  };
}

function toBytes(path: string, headers: Readonly<Record<string, string>>, body: string): Buffer {
  const content = Buffer.from(body);
  const all = { ...headers, 'content-type': 'application/json', 'content-length': String(content.length) };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.concat([Buffer.from(`POST ${path} HTTP/1.1\r\n${lines.join('')}\r\n`), content]);
}
