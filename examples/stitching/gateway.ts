import { batchDelegateToSchema } from '@graphql-tools/batch-delegate';
import type { MergedTypeConfig, SubschemaConfig } from '@graphql-tools/delegate';
import { buildHTTPExecutor } from '@graphql-tools/executor-http';
import { stitchSchemas } from '@graphql-tools/stitch';
import { schemaFromExecutor } from '@graphql-tools/wrap';
import {
  buildSchema,
  type GraphQLFieldResolver,
  GraphQLList,
  type GraphQLOutputType,
  type GraphQLSchema,
  isAbstractType,
  isOutputType,
  OperationTypeNode,
  print,
  type SelectionSetNode,
  Kind,
  visit,
  parse,
} from 'graphql';

interface HasId {
  readonly id: string;
}

/** Two services as one schema, without a word of federation between the gateway and the interfaces of the session graph. */
export async function createStitchedSchema(sessionsUrl: string, people: PeopleService): Promise<GraphQLSchema> {
  const sessions = await sessionsSubschema(sessionsUrl);
  const tickets = peopleSubschema(people);
  const sessionTypes = possibleTypes(sessions.schema, 'Session');
  return stitchSchemas({
    subschemas: [sessions, tickets],
    typeDefs: ['interface Session', ...sessionTypes.map((name) => `type ${name}`)]
      .map((type) => `extend ${type} { costCenter: String! tickets: [Ticket!]! }`)
      .join('\n'),
    resolvers: Object.fromEntries(
      sessionTypes.map((name) => [
        name,
        {
          costCenter: { selectionSet: '{ id }', resolve: bookingField(tickets, 'costCenter') },
          tickets: { selectionSet: '{ id }', resolve: bookingField(tickets, 'tickets') },
        },
      ]),
    ),
  });
}

/** Sessions, agents and teams of any platform: one entrance for each interface, and one request for all that a query needs. */
async function sessionsSubschema(url: string): Promise<SubschemaConfig> {
  const executor = buildHTTPExecutor({ endpoint: url });
  return {
    schema: await schemaFromExecutor(executor),
    executor,
    batch: true,
    merge: {
      Session: byIds('sessionsById'),
      Agent: byIds('agentsById'),
      Team: byIds('teamsById'),
      // Users are owned by other services, so the graph has no list of them; every subgraph can be asked for its part of one.
      User: {
        selectionSet: '{ id }',
        fieldName: '_entities',
        key: ({ id }: HasId) => ({ __typename: 'User', id }),
        argsFromKeys: (representations) => ({ representations }),
      },
    },
  };
}

export interface PeopleService {
  readonly url: string;
  readonly sdl: string;
}
