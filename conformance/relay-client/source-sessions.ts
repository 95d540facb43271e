import { graphql } from 'relay-runtime';

export const sourceSessionsQuery = graphql`
  query sourceSessionsQuery($id: ID!, $count: Int!) {
    source(id: $id) {
      ...sourceSessions_source @arguments(count: $count)
    }
  }
`;

// A list inside a node, walked from its end.
export const sourceSessionsFragment = graphql`
  fragment sourceSessions_source on Source
  @refetchable(queryName: "sourceSessionsPaginationQuery")
  @argumentDefinitions(count: { type: "Int", defaultValue: 20 }, cursor: { type: "String" }) {
    name
    sessions(last: $count, before: $cursor) @connection(key: "sourceSessions_sessions") {
      edges {
        node {
          id
        }
      }
    }
  }
`;

// The same for agents, which are of an interface, and for users, which are no nodes.
export const agentSessionsFragment = graphql`
  fragment sourceSessions_agent on Agent
  @refetchable(queryName: "agentSessionsPaginationQuery")
  @argumentDefinitions(count: { type: "Int", defaultValue: 20 }, cursor: { type: "String" }) {
    name
    sessions(first: $count, after: $cursor) @connection(key: "agentSessions_sessions") {
      edges {
        node {
          id
          ...sessionRow_session
        }
      }
    }
  }
`;
