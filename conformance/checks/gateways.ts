import { type Answer, type Ask, askAt, askVia } from '../../examples/company/ask.ts';
import type { Company } from '../../examples/company/company.ts';
import { compose, createFederatedGateway } from '../../examples/federation/gateway.ts';
import { createStitchedGateway } from '../../examples/stitching/gateway.ts';
import { type Check, must, mustEqual } from '../check.ts';
import { type RunningGateway, startApolloGateway } from './apollo-gateway.ts';
import { type CompanyQuery, companyQueries, goneSessionQuery } from './company-queries.ts';

interface GatewayKind {
  readonly name: 'hive' | 'apollo' | 'stitched';
  readonly tool: string;
  start(company: Company): Promise<RunningGateway>;
}

const url = 'http://127.0.0.1/graphql';

const kinds: readonly GatewayKind[] = [
  {
    name: 'hive',
    tool: '@graphql-hive/gateway-runtime',
    async start(company) {
      const gateway = createFederatedGateway(supergraphOf(company));
      return {
        ask: askVia(async (request) => gateway.fetch(request), url),
        close: async () => gateway[Symbol.asyncDispose](),
      };
    },
  },
  { name: 'apollo', tool: '@apollo/gateway', start: (company) => startApolloGateway(supergraphOf(company)) },
  {
    name: 'stitched',
    tool: '@graphql-tools/stitch',
    async start(company) {
      const gateway = await createStitchedGateway(company.sessions.url, company.people.url);
      return { ask: askVia(async (request) => gateway.fetch(request), url), close: async () => gateway.dispose() };
    },
  },
];

export function gatewayChecks(company: Company): readonly Check[] {
  return kinds.flatMap((kind) => [
    ...companyQueries.map(
      (query): Check => ({
        name: query.name,
        tools: [kind.tool],
        run: () => through(kind, company, (ask) => compareWithHandJoin(query, kind, company, ask)),
      }),
    ),
    {
      name: 'A ticket about a session that is gone has a session of null',
      tools: [kind.tool],
      run: () => through(kind, company, (ask) => goneSession(company, ask)),
    },
  ]);
}

async function through(kind: GatewayKind, company: Company, run: (ask: Ask) => Promise<string>): Promise<string> {
  const gateway = await kind.start(company);
  try {
    return await run(gateway.ask);
  } finally {
    await gateway.close();
  }
}

async function compareWithHandJoin(
  query: CompanyQuery,
  kind: GatewayKind,
  company: Company,
  ask: Ask,
): Promise<string> {
  const { sessions } = company;
  company.forget();
  const expected = await query.joinedByHand(company, askAt(sessions.url));
  const direct = sessions.platformRequests();
  company.forget();
  const answer = await ask(query.text);
  mustEqual(answer.errors ?? [], [], 'the list of errors');
  mustEqual(answer.data, expected, 'the answer');
  const requests = sessions.requests();
  must(
    requests === query.requests[kind.name],
    `The gateway sent ${requests} requests to this server instead of ${query.requests[kind.name]}.`,
  );
  must(
    sessions.platformRequests() === direct,
    `The platforms got ${sessions.platformRequests()} requests, but ${direct} when this server is asked directly.`,
  );
  return `${requests} to this server, ${direct} from it to the platforms, as when it is asked directly`;
}

async function goneSession(company: Company, ask: Ask): Promise<string> {
  const ticket = company.records.tickets[0];
  must(ticket !== undefined, 'There is no ticket.');
  const lift = company.sessions.hidePlatform();
  try {
    const answer: Answer = await ask(goneSessionQuery(ticket.id));
    mustEqual(answer.data, { ticket: { id: ticket.id, session: null } }, 'the answer');
    return answer.errors === undefined ? 'without an error' : 'with an error of the gateway, which expects a type';
  } finally {
    lift();
  }
}

function supergraphOf({ sessions, people }: Company): string {
  return compose([
    { name: 'sessions', url: sessions.url, sdl: sessions.sdl },
    { name: 'people-and-tickets', url: people.url, sdl: people.sdl },
  ]);
}
