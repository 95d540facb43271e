import { toConfig } from '../src/config/load-config.ts';
import { startSandbox } from '../src/sandbox/sandbox.ts';
import { createApp } from '../src/server/app.ts';

const query = `{
  sessions(first: 4) {
    nodes {
      __typename
      title
      preview
      status
      createdAt
      source { sourceId }
      agent { name }
    }
    pageInfo { hasNextPage }
    outcomes { source { sourceId } status }
  }
}`;

/** The README's first query and what the sandbox answers to it. */
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
  return ['```graphql', query, '```', '', 'answers', '', '```json', printJson(answer), '```'].join('\n');
}

/** Small objects on one line each. */
function printJson(value: unknown): string {
  return JSON.stringify(value, null, 2).replaceAll(/\{\s+("[^{}[\]]+?)\s+\}/g, (_all, inside: string) => {
    const line = `{ ${inside.replaceAll(/\s*\n\s*/g, ' ')} }`;
    return line.length <= 100 ? line : _all;
  });
}
