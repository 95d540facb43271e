import { Client, fetchExchange, gql, type OperationResult } from '@urql/core';
import { cacheExchange } from '@urql/exchange-graphcache';
import { relayPagination } from '@urql/exchange-graphcache/extras';
import type { Walk } from './clients.ts';

interface Data {
  readonly sessions: {
    readonly edges: readonly { readonly node: { readonly id: string } }[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  };
}

interface Variables {
  readonly first: number;
  readonly after: string | null;
}

const query = gql<Data, Variables>`
  query ($first: Int!, $after: String) {
    sessions(first: $first, after: $after) {
      edges {
        cursor
        node {
          __typename
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

export async function walkWithUrql(url: string, size: number): Promise<Walk> {
  const client = new Client({
    url,
    preferGetMethod: false,
    exchanges: [cacheExchange({ resolvers: { Query: { sessions: relayPagination() } } }), fetchExchange],
  });
  let pages = 0;
  let after: string | null = null;
  for (;;) {
    const result: OperationResult<Data, Variables> = await client.query(query, { first: size, after }).toPromise();
    if (result.error !== undefined) throw result.error;
    if (result.data === undefined) throw new Error('urql has no data.');
    pages += 1;
    const { edges, pageInfo } = result.data.sessions;
    if (!pageInfo.hasNextPage) return { ids: edges.map(({ node }) => node.id), pages };
    after = pageInfo.endCursor;
  }
}
