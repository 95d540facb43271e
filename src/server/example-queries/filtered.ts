export const filtered = `# Sessions that are at work or wait for somebody, the latest active ones first.
# A source that cannot order or filter by something itself is read and sorted by this server: \`scanned\` says how many rows that took.
query Filtered {
  sessions(
    first: 10
    filter: { statuses: [RUNNING, WAITING], createdAt: { from: "2026-01-01T00:00:00Z" } }
    orderBy: { field: UPDATED_AT, direction: DESC }
  ) {
    nodes {
      title
      status
      updatedAt
      source {
        name
      }
    }
    outcomes {
      source {
        name
      }
      status
      scanned
      error {
        message
      }
    }
  }
}
`;
