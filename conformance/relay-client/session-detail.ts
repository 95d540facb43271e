import { graphql } from 'relay-runtime';

export const sessionDetailQuery = graphql`
  query sessionDetailQuery($id: ID!) {
    session(id: $id) {
      ...sessionDetail_session @arguments(withTeam: true)
    }
  }
`;

// An interface: Relay refetches it by node(id:), whatever platform the session is on.
export const sessionDetailFragment = graphql`
  fragment sessionDetail_session on Session
  @refetchable(queryName: "sessionDetailRefetchQuery")
  @argumentDefinitions(withTeam: { type: "Boolean", defaultValue: false }) {
    id
    title
    nativeId
    team @include(if: $withTeam) {
      name
      members {
        agent {
          name
        }
      }
    }
  }
`;
