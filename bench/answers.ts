import { isDeepStrictEqual } from 'node:util';
import type { Candidate } from './candidates.ts';
import { type Asked, toBody } from './query.ts';
import type { Running } from './stage.ts';

export interface Node {
  readonly id: string;
  readonly createdAt: string | null;
  readonly status: string;
  readonly title: string | null;
  readonly agent: { readonly id: string; readonly name: string | null } | null;
}

export interface Answer {
  /** As it came. */
  readonly text: string;
  readonly nodes: readonly Node[];
  readonly hasNextPage: boolean;
  readonly endCursor: string | null;
}

interface Wire {
  readonly data?: {
    readonly sessions: {
      readonly edges: readonly { readonly node: Node }[];
      readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
    };
  };
  readonly errors?: unknown;
}

export async function askOnce(
  { url, candidate }: Running,
  asked: Asked,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: toBody(candidate, asked),
  });
  const text = await response.text();
  if (response.status !== 200) throw new Error(`${candidate.name} answered ${response.status}: ${text}`);
  const { data, errors } = JSON.parse(text) as Wire;
  if (data === undefined || errors !== undefined) throw new Error(`${candidate.name} answered ${text.slice(0, 2000)}`);
  const { edges, pageInfo } = data.sessions;
  return { text, nodes: edges.map(({ node }) => withPlainIds(node, candidate)), ...pageInfo };
}

/** The pages from the first one on. */
export async function walk(running: Running, asked: Asked, pages: number): Promise<readonly Answer[]> {
  const answers: Answer[] = [];
  let after = asked.after;
  while (answers.length < pages) {
    const answer = await askOnce(running, { ...asked, after });
    answers.push(answer);
    after = answer.endCursor;
    if (!answer.hasNextPage) break;
  }
  return answers;
}

/**
 * Whether two candidates say the same: the same sessions in the same order, each with the same time, status, title and agent,
 * and whether there are more. Ids are compared without what this project's ids have around source and key.
 */
export function mustAgree(
  [left, leftAnswers]: readonly [string, readonly Answer[]],
  [right, rightAnswers]: readonly [string, readonly Answer[]],
): void {
  for (const [page, answer] of leftAnswers.entries()) {
    const other = rightAnswers[page];
    const place = `${left} and ${right} differ on page ${page + 1}`;
    if (answer.hasNextPage !== other?.hasNextPage) throw new Error(`${place}: only one of them has more pages.`);
    for (let row = 0; row < Math.max(answer.nodes.length, other.nodes.length); row += 1) {
      if (isDeepStrictEqual(answer.nodes[row], other.nodes[row])) continue;
      const [one, two] = [JSON.stringify(answer.nodes[row]), JSON.stringify(other.nodes[row])];
      throw new Error(`${place}, row ${row + 1}:\n  ${one}\n  ${two}`);
    }
  }
}

function withPlainIds({ id, agent, ...rest }: Node, { schema }: Candidate): Node {
  if (schema === 'plain') return { id, ...rest, agent };
  return { id: toPlainId(id), ...rest, agent: agent === null ? null : { ...agent, id: toPlainId(agent.id) } };
}

/** `session:foundry/billing-assistant/0af3`, in base64, is `foundry/billing-assistant/0af3`. */
function toPlainId(id: string): string {
  const text = Buffer.from(id, 'base64url').toString();
  return decodeURIComponent(text.slice(text.indexOf(':') + 1));
}
