import { graphql } from 'graphql';
import { startSandbox } from '../src/sandbox/sandbox.ts';
import { createSchema } from '../src/schema/schema.ts';
import { createHarness } from '../test/harness.ts';

const query = `{
  sessions(first: 4) {
    nodes {
      __typename
      title
      preview
      status
      createdAt
      source { slug }
      agent { name }
    }
    pageInfo { hasNextPage }
    outcomes { source { slug } status }
  }
}`;

/** The README's first query and what the sandbox answers to it. */
export async function firstQuery(): Promise<string> {
  const sandbox = await startSandbox();
  const harness = createHarness(
    sandbox.sources.map(({ id, provider, platform }) => ({
      id,
      provider,
      url: platform.url,
      user: provider === 'agentscope' ? 'alice' : null,
    })),
  );
  const answer = await graphql({ schema: createSchema(), source: query, contextValue: harness.operation() });
  await harness.close();
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
