export const searched = `# The catalog: a copy of the sessions of all sources that can be searched, counted and ordered by anything.
# \`freshness\` says how old the copy is. Null when this server copies no source: see docs/catalog.md.
query Searched($search: String) {
  catalog {
    sessions(search: $search, first: 10, orderBy: { field: TOKENS }) {
      totalCount
      precision
      edges {
        matched
        node {
          title
          preview
          status
          totalTokens
        }
      }
      facets(fields: [STATUS, SOURCE, DAY], top: 5) {
        field
        distinct
        values {
          value
          count
        }
      }
    }
    freshness {
      source {
        slug
      }
      status
      asOf
      sessions
    }
  }
}
`;
