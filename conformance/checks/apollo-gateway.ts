import { ApolloGateway, RemoteGraphQLDataSource } from '@apollo/gateway';
import { Kind, parse } from 'graphql';
import type { Ask } from '../../examples/company/ask.ts';

export interface RunningGateway {
  readonly ask: Ask;
  close(): Promise<void>;
}

/** Adds to the headers of a request to a subgraph. */
export type AddHeaders = (headers: { set(name: string, value: string): void }) => void;

/** Apollo's gateway without Apollo Server around it: it is given what the server would have parsed. */
export async function startApolloGateway(
  supergraphSdl: string,
  addHeaders: AddHeaders = () => {},
): Promise<RunningGateway> {
  const gateway = new ApolloGateway({
    supergraphSdl,
    logger: { debug() {}, info() {}, warn() {}, error() {} },
    buildService: ({ url }) =>
      new RemoteGraphQLDataSource({
        ...(url === undefined ? {} : { url }),
        willSendRequest: ({ request: { http } }) => {
          if (http !== undefined) addHeaders(http.headers);
        },
      }),
  });
  const { schema, executor } = await gateway.load();
  return {
    async ask(query) {
      const document = parse(query);
      const operation = document.definitions.find((definition) => definition.kind === Kind.OPERATION_DEFINITION);
      if (operation === undefined) throw new Error('There is no operation in the query.');
      const { data, errors } = await executor({
        request: { query },
        document,
        operation,
        operationName: null,
        source: query,
        queryHash: query,
        schema,
        context: {},
        cache: { get: async () => undefined, set: async () => {}, delete: async () => {} },
        // The rest of what Apollo Server has at hand; the executor does not look at it.
      } as unknown as Parameters<typeof executor>[0]);
      return { data, ...(errors === undefined ? {} : { errors }) };
    },
    close: () => gateway.stop(),
  };
}
