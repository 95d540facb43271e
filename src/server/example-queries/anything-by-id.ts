export const anythingById = `# Anything that has an id can be asked for by it. Copy the id of a session, an agent or a team into the variables.
query AnythingById($id: ID!) {
  node(id: $id) {
    __typename
    id
    ... on Source {
      slug
      provider
    }
    ... on Session {
      title
      status
      agent {
        name
      }
    }
    ... on Agent {
      name
      sessions(first: 5) {
        nodes {
          title
        }
      }
    }
    ... on Team {
      name
      members {
        agent {
          name
        }
      }
    }
  }
}
`;
