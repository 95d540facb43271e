export const conversations = `# The end of each conversation: who spoke, what was said, which tools were called and what they answered.
# \`before\` with \`startCursor\` goes back from there. The messages of each session are a request of their own.
query Conversations {
  sessions(first: 10) {
    nodes {
      title
      source {
        name
      }
      messages(last: 6, roles: [USER, ASSISTANT]) {
        nodes {
          role
          status
          createdAt
          text
          parts {
            ... on ToolCallPart {
              name
              arguments
              state
              result {
                text
                isError
              }
            }
            ... on FilePart {
              modality
              mediaType
              url
            }
          }
        }
        pageInfo {
          hasPreviousPage
          startCursor
        }
        outcome {
          status
          error {
            message
          }
        }
      }
    }
  }
}
`;
