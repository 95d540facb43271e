import { toConfig } from '../src/config/load-config.ts';
import { startSandbox } from '../src/sandbox/sandbox.ts';
import { createApp } from '../src/server/app.ts';

const query = `{
  sessions(first: 2) {
    nodes { __typename status createdAt source { name } agent { name } }
    pageInfo { hasNextPage }
    outcomes { source { name } status }
  }
}`;

/** The README's first query, the command that sends it, and what the sandbox answers to it. */
export async function firstQuery(): Promise<string> {
  const sandbox = await startSandbox();
  const app = createApp(
    toConfig({
      server: { port: 0, log: { level: 'silent' } },
      sources: sandbox.sources.map(({ id, provider, platform, settings }) => ({
        id,
        provider,
        url: platform.url,
        ...settings,
      })),
    }),
  );
  const response = await fetch(await app.listen(), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  const answer: unknown = await response.json();
  await app.close();
  await sandbox.close();
  return [block('graphql', query), block('sh', command()), 'answers:', block('json', printJson(answer, ''))].join(
    '\n\n',
  );
}

function block(language: string, text: string): string {
  return ['```', language, '\n', text, '\n```'].join('');
}

function command(): string {
  const body = JSON.stringify({ query: query.replaceAll(/\s+/g, ' ') });
  return `curl -s http://127.0.0.1:4000/graphql -H 'content-type: application/json' \\\n  -d '${body}'`;
}

const lineWidth = 150;

/** Each object and list that fits on one line is on one line. */
function printJson(value: unknown, indent: string): string {
  const line = JSON.stringify(value, null, 1).replaceAll(/\n\s*/g, ' ');
  const deeper = `${indent}  `;
  if (line.length + indent.length <= lineWidth || typeof value !== 'object' || value === null) return line;
  if (Array.isArray(value)) {
    const items = value.map((item: unknown) => `${deeper}${printJson(item, deeper)}`);
    return `[\n${items.join(',\n')}\n${indent}]`;
  }
  const fields = Object.entries(value).map(
    ([name, field]) => `${deeper}${JSON.stringify(name)}: ${printJson(field, deeper)}`,
  );
  return `{\n${fields.join(',\n')}\n${indent}}`;
}
