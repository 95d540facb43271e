import type { Candidate } from './candidates.ts';

export interface Asked {
  readonly first: number;
  readonly after: string | null;
  readonly statuses: readonly string[] | null;
}

export const firstPage: Asked = { first: 20, after: null, statuses: null };

/** The body of a request. Candidates without GraphQL read the variables, the others the query. */
export function toBody(candidate: Candidate, asked: Asked): string {
  return JSON.stringify({ query: toText(candidate, asked), variables: asked });
}

function toText({ schema }: Candidate, { first, after, statuses }: Asked): string {
  const variables = after === null ? '' : 'query ($after: String) ';
  const statusList = statuses === null ? null : `statuses: [${statuses.join(', ')}]`;
  const parts = [
    `first: ${first}`,
    after === null ? null : 'after: $after',
    statusList === null || schema === 'plain' ? statusList : `filter: { ${statusList} }`,
  ];
  return `${variables}{
  sessions(${parts.filter((part) => part !== null).join(', ')}) {
    edges { cursor node { id createdAt status title agent { id name } } }
    pageInfo { hasNextPage endCursor }
  }
}`;
}
