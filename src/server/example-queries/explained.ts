export const explained = `# What a page costs. The header of this tab, below under Headers, makes the
# answer end with \`extensions.explain\`: what was planned for each source, and
# every request that was sent to its platform.
query Explained {
  sessions(first: 2, filter: { search: "invoice" }) {
    nodes {
      title
      agent {
        name
      }
    }
  }
}
`;
