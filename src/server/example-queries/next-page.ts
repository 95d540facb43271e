export const nextPage = `# A page, and where it ends. Copy \`endCursor\` into the variable \`after\` and run this again for the next page;
# \`last\` and \`before\` walk the other way.
query NextPage($after: String) {
  sessions(first: 10, after: $after) {
    edges {
      cursor
      node {
        title
        createdAt
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
`;
