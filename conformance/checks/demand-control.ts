import { parse } from 'graphql';
import { type Ask, askVia } from '../../examples/company/ask.ts';
import type { Company } from '../../examples/company/company.ts';
import { compose, createFederatedGateway } from '../../examples/federation/gateway.ts';
import { createSchema } from '../../src/schema/schema.ts';
import { toParsedOperation } from '../../src/selection/operation.ts';
import { costOf } from '../../src/server/query-cost.ts';
import { type Check, must, mustEqual } from '../check.ts';

/** The default of `server.limits.query.cost`. */
const maxCost = 5_000;

/** Queries of pages whose size is given: of these a gateway must count exactly what this server counts. */
const ordinary = [
  '{ sessions(first: 20) { nodes { id title agent { name } } } }',
  '{ sessions(last: 5) { edges { cursor node { id } } } }',
  '{ sessions(first: 20) { nodes { id messages(first: 10) { nodes { id text } } } } }',
  '{ agents(first: 3) { nodes { name sessions(last: 4) { nodes { id team { name } } } } } }',
];

const tooWide = '{ sessions(first: 100) { nodes { agent { sessions(first: 100) { nodes { id } } } } } }';

interface Counted {
  readonly errors?: readonly { readonly extensions?: { readonly code?: unknown } }[];
  readonly extensions?: { readonly cost?: { readonly estimated?: unknown } };
}

export function demandControlChecks(company: Company): readonly Check[] {
  return [
    {
      name: "A gateway's demand control counts by `@cost` and `@listSize` what this server counts, and refuses the query that is too wide",
      tools: ['@graphql-hive/gateway-runtime'],
      async run() {
        const { sessions, people } = company;
        const supergraph = compose([
          { name: 'sessions', url: sessions.url, sdl: sessions.sdl },
          { name: 'people-and-tickets', url: people.url, sdl: people.sdl },
        ]);
        const gateway = createFederatedGateway(supergraph, maxCost);
        try {
          const ask = askVia(async (request) => gateway.fetch(request), 'http://127.0.0.1/graphql');
          for (const query of ordinary) {
            const { errors, extensions } = await count(ask, query);
            mustEqual(errors ?? [], [], `the list of errors of ${query}`);
            mustEqual(extensions?.cost?.estimated, ownCost(query), `the cost of ${query}`);
          }
          company.forget();
          const { errors = [] } = await count(ask, tooWide);
          const codes = errors.map((error) => error.extensions?.code);
          mustEqual(codes, ['COST_ESTIMATED_TOO_EXPENSIVE'], 'the list of codes');
          must(sessions.requests() === 0, 'The query that was refused reached this server.');
          const costs = ordinary.map(ownCost).join(', ');
          return `${costs}: answered; ${ownCost(tooWide)}: refused before this server is asked`;
        } finally {
          await gateway[Symbol.asyncDispose]();
        }
      },
    },
  ];
}

async function count(ask: Ask, query: string): Promise<Counted> {
  return (await ask(query)) as Counted;
}

function ownCost(query: string): number {
  const operation = toParsedOperation({ schema: createSchema(), document: parse(query) });
  must(operation !== null, 'There is no operation.');
  return costOf(operation);
}
