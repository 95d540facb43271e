export const oneSource = `# One source by itself: how it is doing, what it can do, and its latest sessions.
# A source is named by its slug or its id; { sources { slug } } lists them.
query OneSource($source: ID!) {
  source(id: $source) {
    name
    provider
    # Whose sessions it shows you:
    readAs
    readAsUser {
      id
    }
    health {
      state
      lastErrorCode
      since
    }
    capabilities {
      kinds
      statuses
      filters {
        filter
        support
      }
    }
    sessions(first: 5) {
      totalCount
      nodes {
        title
        nativeId
        nativeStatus
      }
    }
  }
}
`;
