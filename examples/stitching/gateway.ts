import { readFileSync } from 'node:fs';
import { batchDelegateToSchema } from '@graphql-tools/batch-delegate';
import { defaultMergedResolver, type MergedTypeConfig, type SubschemaConfig } from '@graphql-tools/delegate';
import { buildHTTPExecutor } from '@graphql-tools/executor-http';
import { stitchSchemas } from '@graphql-tools/stitch';
import { schemaFromExecutor } from '@graphql-tools/wrap';
import {
  buildSchema,
  type GraphQLFieldResolver,
  GraphQLList,
  type GraphQLSchema,
  isAbstractType,
  isObjectType,
  Kind,
  OperationTypeNode,
} from 'graphql';
import { createYoga, type YogaServerInstance } from 'graphql-yoga';

interface HasId {
  readonly id: string;
}

export async function createStitchedGateway(
  sessionsUrl: string,
  peopleUrl: string,
): Promise<YogaServerInstance<object, object>> {
  return createYoga({ schema: await stitch(sessionsUrl, peopleUrl), logging: false });
}

/** Two services as one schema. */
async function stitch(sessionsUrl: string, peopleUrl: string): Promise<GraphQLSchema> {
  const sessions = await sessionsSubschema(sessionsUrl);
  const people = peopleSubschema(peopleUrl);
  const bookedTypes = possibleTypes(sessions.schema, 'Session');
  const booked = { selectionSet: '{ id }', resolve: bookingField(people) };
  return stitchSchemas({
    subschemas: [sessions, people],
    typeDefs: ['interface Session', ...bookedTypes.map((name) => `type ${name}`)]
      .map((type) => `extend ${type} { costCenter: String! tickets: [Ticket!]! }`)
      .join('\n'),
    resolvers: Object.fromEntries(bookedTypes.map((name) => [name, { costCenter: booked, tickets: booked }])),
  });
}

/** One entrance for each interface, whatever platform a session runs on, and one request for all that a query needs. */
async function sessionsSubschema(url: string): Promise<SubschemaConfig & { readonly schema: GraphQLSchema }> {
  const executor = buildHTTPExecutor({ endpoint: url });
  return {
    schema: await schemaFromExecutor(executor),
    executor,
    batch: true,
    merge: {
      Session: byIds('sessionsById'),
      Agent: byIds('agentsById'),
      Team: byIds('teamsById'),
      // Users belong to other services, so the session graph has no list of them, but like every subgraph it can be asked
      // for its part of them.
      User: {
        selectionSet: '{ id }',
        fieldName: '_entities',
        key: ({ id }: HasId) => ({ __typename: 'User', id }),
        argsFromKeys: (representations) => ({ representations }),
      },
    },
  };
}

function peopleSubschema(url: string): SubschemaConfig & { readonly schema: GraphQLSchema } {
  return {
    schema: buildSchema(readFileSync(new URL('./people-and-tickets.graphql', import.meta.url), 'utf8')),
    executor: buildHTTPExecutor({ endpoint: url }),
    batch: true,
    merge: { User: byIds('peopleById') },
  };
}

function byIds(fieldName: string): MergedTypeConfig {
  return {
    selectionSet: '{ id }',
    fieldName,
    key: ({ id }: HasId) => id,
    argsFromKeys: (ids) => ({ ids }),
  };
}

/** A field of a session that is answered from its booking, all bookings of a page at once. */
function bookingField(
  people: SubschemaConfig & { readonly schema: GraphQLSchema },
): GraphQLFieldResolver<HasId, object> {
  const booking = people.schema.getType('Booking');
  if (!isObjectType(booking)) throw new Error('People and tickets has no type Booking.');
  return async ({ id }, args, context, info) => {
    const found = await batchDelegateToSchema({
      schema: people,
      operation: OperationTypeNode.QUERY,
      fieldName: 'bookingsById',
      key: id,
      argsFromKeys: (ids) => ({ ids }),
      returnType: new GraphQLList(booking),
      selectionSet: { kind: Kind.SELECTION_SET, selections: info.fieldNodes },
      context,
      info,
    });
    return defaultMergedResolver(found, args, context, info);
  };
}

function possibleTypes(schema: GraphQLSchema, name: string): readonly string[] {
  const type = schema.getType(name);
  if (!isAbstractType(type)) throw new Error(`The session graph has no interface ${name}.`);
  return schema.getPossibleTypes(type).map((possible) => possible.name);
}
