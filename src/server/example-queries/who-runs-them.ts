export const whoRunsThem = `# Who runs each session, and for whom. All the agents and teams of a page are asked for together.
query WhoRunsThem {
  sessions(first: 10) {
    nodes {
      title
      kind
      user {
        id
      }
      agent {
        name
        model
        description
      }
      team {
        name
        leader {
          name
        }
        members {
          agent {
            name
          }
        }
      }
    }
  }
}
`;
