import type { Ask } from './ask.ts';
import type { Company } from './company.ts';
import type { Served } from './serve.ts';

/** From a person to their sessions, agents and teams, and from their tickets to sessions of any platform and whose those are. */
export const exampleQuery = `{
  person(id: "bob") {
    name
    sessions(first: 2) { nodes { __typename title costCenter } }
    tickets {
      title
      session { __typename title costCenter user { name } agent { name } }
    }
    agents { name }
    teams { name }
  }
}`;

/** Prints a query with its answer, then waits for Ctrl-C unless it was started with --once. */
export async function show(company: Company, gateway: Served, ask: Ask): Promise<void> {
  company.forget();
  const answer = await ask(exampleQuery);
  const { sessions, people } = company;
  process.stdout.write(
    [
      `The company graph:   ${gateway.url}`,
      `Sessions:            ${sessions.url}`,
      `People and tickets:  ${people.url}`,
      '',
      exampleQuery,
      '',
      JSON.stringify(answer, null, 2),
      '',
      `That took the gateway ${count(sessions.requests())} to sessions and ${count(people.requests())} to people and tickets.`,
      '',
    ].join('\n'),
  );
  const stop = async (): Promise<void> => {
    await gateway.close();
    await company.close();
  };
  if (process.argv.includes('--once')) {
    await stop();
    return;
  }
  process.stdout.write('Ctrl-C stops it.\n');
  process.once('SIGINT', () => void stop());
  process.once('SIGTERM', () => void stop());
}

function count(requests: number): string {
  return requests === 1 ? '1 request' : `${requests} requests`;
}
