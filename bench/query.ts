export const firstPage = `{
  sessions(first: 20) {
    edges { cursor node { id createdAt status title agent { id name } } }
    pageInfo { hasNextPage endCursor }
  }
}`;
