import { composeServices as composeWithApollo } from '@apollo/composition';
import { federateSubgraphs } from '@wundergraph/composition';
import { parse } from 'graphql';
import type { Company } from '../../examples/company/company.ts';
import { compose as composeWithGuild, type Subgraph } from '../../examples/federation/gateway.ts';
import { type Check, must, mustEqual } from '../check.ts';
import { costsIn } from './costs.ts';

/** What Apollo's composition remarks, and why that is as it should be. A remark that is not here fails the check. */
const explanations: Readonly<Record<string, string>> = {};

const sharing = /INVALID_FIELD_SHARING|shareable/;

const ownNode = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@override"])
interface Node { id: ID! }
type Query { node(id: ID!): Node OVERRIDE nodes(ids: [ID!]!): [Node]! OVERRIDE }
type Order implements Node @key(fields: "id") { id: ID! total: Int! }`;

export function compositionChecks(company: Company): readonly Check[] {
  const sessions = { name: 'sessions', url: company.sessions.url, sdl: company.sessions.sdl };
  const subgraphs = [sessions, { name: 'people-and-tickets', url: company.people.url, sdl: company.people.sdl }];
  const besideNode = (override: string): readonly Subgraph[] => [
    ...subgraphs,
    { name: 'orders', url: 'http://127.0.0.1:1', sdl: ownNode.replaceAll('OVERRIDE', override) },
  ];
  return [
    {
      name: 'The subgraph composes with people and tickets',
      tools: ['@theguild/federation-composition'],
      async run() {
        composeWithGuild([sessions]);
        composeWithGuild(subgraphs);
        mustRefuse(() => composeWithGuild(broken(subgraphs)));
        return 'alone and together without errors';
      },
    },
    {
      name: 'The subgraph composes with people and tickets',
      tools: ['@wundergraph/composition'],
      async run() {
        composeWithCosmo([sessions]);
        const { warnings } = composeWithCosmo(subgraphs);
        mustEqual(
          warnings.map(({ message }) => message),
          [],
          'the list of warnings',
        );
        // It takes interfaces without a key, too.
        mustRefuse(() => composeWithCosmo(besideNode('')), sharing);
        composeWithCosmo(besideNode('@override(from: "sessions")'));
        return 'alone and together without errors; no warnings';
      },
    },
    {
      name: '`@cost` and `@listSize` are in the supergraph, on types and on the fields of interfaces too',
      tools: ['@theguild/federation-composition', '@apollo/composition', '@wundergraph/composition'],
      async run() {
        const stated = costsIn(sessions.sdl);
        must(stated.size > 40, `Only ${stated.size} types and fields say what they cost.`);
        const apolloSupergraph = apollo(subgraphs).supergraphSdl;
        for (const kept of [costsIn(composeWithGuild(subgraphs)), costsIn(apolloSupergraph)]) {
          mustEqual(Object.fromEntries(kept), Object.fromEntries(stated), 'what the supergraph says');
        }
        mustEqual(costsOfCosmo(subgraphs), Object.fromEntries(stated), 'what the configuration of the router says');
        return `${stated.size} of ${stated.size} types and fields`;
      },
    },
    {
      name: 'The subgraph composes with people and tickets',
      tools: ['@apollo/composition'],
      async run() {
        const hints = [apollo([sessions]), apollo(subgraphs)].flatMap((composed) => composed.hints);
        const unexplained = hints.filter(({ definition }) => explanations[definition.code] === undefined);
        mustEqual(
          unexplained.map(({ definition, message }) => `${definition.code} ${message}`),
          [],
          'the list of unexplained hints',
        );
        mustRefuse(() => apollo(broken(subgraphs)));
        const codes = [...new Set(hints.map(({ definition }) => definition.code))].sort();
        const explained = codes.map((code) => `${code} (${explanations[code]})`).join(', ');
        return `alone and together without errors; ${hints.length === 0 ? 'no hints' : explained}`;
      },
    },
    {
      name: 'Another subgraph with a `node` of its own takes it over by `@override`, and is refused without',
      tools: ['@theguild/federation-composition', '@apollo/composition'],
      async run() {
        const taken = besideNode('@override(from: "sessions")');
        composeWithGuild(taken);
        apollo(taken);
        mustRefuse(() => composeWithGuild(besideNode('')), sharing);
        mustRefuse(() => apollo(besideNode('')), sharing);
        return 'a gateway never has to guess which subgraph knows an id';
      },
    },
  ];
}

function apollo(subgraphs: readonly Subgraph[]) {
  const composed = composeWithApollo(subgraphs.map(({ name, url, sdl }) => ({ name, url, typeDefs: parse(sdl) })));
  if (composed.errors !== undefined) throw new Error(composed.errors.map(({ message }) => message).join('\n'));
  return composed;
}

function composeWithCosmo(subgraphs: readonly Subgraph[]) {
  const composed = federateSubgraphs({
    subgraphs: subgraphs.map(({ name, url, sdl }) => ({ name, url, definitions: parse(sdl) })),
  });
  if (!composed.success) throw new Error(composed.errors.map(({ message }) => message).join('\n'));
  return composed;
}

/** Cosmo's router reads them from a configuration of its own beside the supergraph. */
function costsOfCosmo(subgraphs: readonly Subgraph[]): Readonly<Record<string, unknown>> {
  const costs = composeWithCosmo(subgraphs).subgraphConfigBySubgraphName.get('sessions')?.costs;
  must(costs !== undefined, 'There are no costs.');
  const found: Record<string, unknown> = {};
  for (const [type, weight] of costs.typeWeights) found[`${type} @cost`] = { weight };
  for (const [field, { weight }] of costs.fieldWeights) if (weight !== undefined) found[`${field} @cost`] = { weight };
  for (const [field, { assumedSize, slicingArguments, sizedFields, requireOneSlicingArgument }] of costs.listSizes) {
    const slicing = slicingArguments.length === 0 ? {} : { slicingArguments, sizedFields, requireOneSlicingArgument };
    found[`${field} @listSize`] = { assumedSize, ...slicing };
  }
  return found;
}

/** Without its key, no subgraph can add to a session. */
function broken(subgraphs: readonly Subgraph[]): readonly Subgraph[] {
  return subgraphs.map((subgraph) => ({
    ...subgraph,
    sdl: subgraph.sdl.replace(/(interface Session implements Node)\s+@key\(fields: "id"\)/, '$1'),
  }));
}

function mustRefuse(compose: () => unknown, why = /./): void {
  let message: string | null = null;
  try {
    compose();
  } catch (error) {
    message = error instanceof Error ? error.message : String(error);
  }
  must(
    message !== null && why.test(message),
    `A graph that does not fit composed, or was refused for another reason: ${message}`,
  );
}
