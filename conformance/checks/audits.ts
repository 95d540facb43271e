import { auditServer } from 'graphql-http';
import { serve } from '../../examples/company/serve.ts';
import type { SessionGraph } from '../../examples/company/session-graph.ts';
import { type Check, must, mustEqual } from '../check.ts';

// The audits ask by GET too, and the server only answers a GET that no page of another origin can send.
const headers = { 'apollo-require-preflight': 'true' };

export function auditChecks(sessions: SessionGraph): readonly Check[] {
  return [
    {
      name: 'GraphQL over HTTP, with every plugin of the default configuration on',
      tools: ['graphql-http'],
      async run() {
        const results = await auditServer({
          url: sessions.url,
          fetchFn: (url: string, init: RequestInit = {}) =>
            fetch(url, { ...init, headers: { ...headers, ...Object.fromEntries(new Headers(init.headers)) } }),
        });
        const remarks = results.flatMap((result) =>
          result.status === 'ok' ? [] : [`${result.status} ${result.id} ${result.name}: ${result.reason}`],
        );
        mustEqual(remarks, [], 'the list of audits that do not pass');
        must(results.length > 50, `Only ${results.length} audits ran.`);
        await mustNoticeABadServer();
        return `${results.length} audits, all ok`;
      },
    },
  ];
}

async function mustNoticeABadServer(): Promise<void> {
  const bad = await serve((_request, response) => void response.end('{"data":null}'));
  try {
    const results = await auditServer({ url: bad.url });
    must(
      results.some(({ status }) => status === 'error'),
      'A server that answers the same to everything passed.',
    );
  } finally {
    await bad.close();
  }
}
