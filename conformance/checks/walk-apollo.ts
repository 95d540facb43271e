import { ApolloClient, gql, HttpLink, InMemoryCache, type TypedDocumentNode } from '@apollo/client';
import { relayStylePagination } from '@apollo/client/utilities';
import type { Walk } from './clients.ts';

interface Data {
  readonly sessions: {
    readonly edges: readonly { readonly node: { readonly id: string } }[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  };
}

const query: TypedDocumentNode<Data, { readonly first: number; readonly after?: string | null }> = gql`
  query ($first: Int!, $after: String) {
    sessions(first: $first, after: $after) {
      edges {
        cursor
        node {
          id
          title
        }
      }
      pageInfo {
        hasNextPage
        hasPreviousPage
        startCursor
        endCursor
      }
    }
  }
`;

export async function walkWithApollo(url: string, size: number): Promise<Walk> {
  const client = new ApolloClient({
    link: new HttpLink({ uri: url }),
    cache: new InMemoryCache({
      typePolicies: { Query: { fields: { sessions: relayStylePagination(['filter', 'orderBy']) } } },
    }),
  });
  const list = client.watchQuery({ query, variables: { first: size } });
  const read = (): Data => {
    const data = client.readQuery({ query, variables: { first: size } });
    if (data === null) throw new Error('Apollo Client has no data.');
    return data;
  };
  try {
    await client.query({ query, variables: { first: size } });
    let pages = 1;
    while (read().sessions.pageInfo.hasNextPage) {
      await list.fetchMore({ variables: { after: read().sessions.pageInfo.endCursor } });
      pages += 1;
    }
    return { ids: read().sessions.edges.map(({ node }) => node.id), pages };
  } finally {
    client.stop();
  }
}
