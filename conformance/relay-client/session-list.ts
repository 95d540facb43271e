import { graphql } from 'relay-runtime';

// The screen of an agent console: an endless list, filtered, over all platforms.
export const sessionListQuery = graphql`
  query sessionListQuery($count: Int!, $filter: SessionFilter) {
    ...sessionList_query @arguments(count: $count, filter: $filter)
  }
`;

export const sessionListFragment = graphql`
  fragment sessionList_query on Query
  @refetchable(queryName: "sessionListPaginationQuery")
  @argumentDefinitions(
    count: { type: "Int", defaultValue: 20 }
    cursor: { type: "String" }
    filter: { type: "SessionFilter" }
  ) {
    sessions(first: $count, after: $cursor, filter: $filter) @connection(key: "sessionList_sessions") {
      edges {
        node {
          id
          ...sessionRow_session
        }
      }
      outcomes {
        status
        source {
          name
        }
        error {
          message
          retryable
        }
      }
    }
  }
`;

export const sessionRowFragment = graphql`
  fragment sessionRow_session on Session {
    title
    status
    createdAt
    user {
      id
    }
    agent {
      name
    }
    ... on FoundrySession {
      nativeStatus
    }
  }
`;
