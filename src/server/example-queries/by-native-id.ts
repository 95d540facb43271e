export const byNativeId = `# A session of which you know only the id on its platform, from a log or a URL. Every source is asked:
# \`outcomes\` says whether one of them could not be. Run { sessions { nodes { nativeId } } } for some ids.
query ByNativeId($nativeId: String!) {
  sessions(filter: { nativeIds: [$nativeId] }) {
    nodes {
      id
      title
      source {
        slug
      }
      agent {
        name
      }
    }
    outcomes {
      source {
        slug
      }
      status
      error {
        code
        message
      }
    }
  }
}
`;
