import { type Reply, toPlatformRequest } from '../../src/sandbox/exchange.ts';
import { platforms, toModelOptions } from '../../src/sandbox/platforms.ts';
import type { WorldSource } from '../world.ts';

export interface Answers {
  readonly basePath: string;
  /** The whole response, or null when this was never asked before. */
  find(head: string): Buffer | null;
  make(head: string): Buffer;
}

/** More than the candidates ask in any suite that is timed; a walk through a million sessions asks more, each thing once. */
const maxPrepared = 20_000;

/** What the sandbox's platform answers, kept as the bytes of the response: the second time it costs one look into a map. */
export function createAnswers({ provider, sessions, agents }: Omit<WorldSource, 'id'>, user: string): Answers {
  const model = toModelOptions({ platform: provider, sessions, agents, users: [user] });
  const platform = platforms[provider].create(model);
  const prepared = new Map<string, Buffer>();
  return {
    basePath: platform.basePath,
    find: (head) => prepared.get(keyOf(head)) ?? null,
    make(head) {
      const [first = '', ...lines] = head.split('\r\n');
      const [method = '', url = ''] = first.split(' ');
      const answer = toBytes(
        platform.answer(toPlatformRequest(method, url, { ...toHeaders(lines), 'x-user-id': user }, 'http')),
      );
      if (prepared.size < maxPrepared) prepared.set(keyOf(head), answer);
      return answer;
    },
  };
}

/** What decides the answer here. Every user is shown the same, and the other headers say nothing that matters. */
function keyOf(head: string): string {
  return head.slice(0, head.indexOf('\r\n'));
}

function toHeaders(lines: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
}

function toBytes({ status, headers, body }: Reply): Buffer {
  const content = Buffer.from(typeof body === 'string' ? body : [...body].join(''));
  const lines = Object.entries({ ...headers, 'content-length': content.length }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  );
  return Buffer.concat([Buffer.from(`HTTP/1.1 ${status} \r\n${lines.join('')}\r\n`, 'latin1'), content]);
}
