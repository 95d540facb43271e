/** What the graph said instead of an answer; its sentences are made for people. */
export class GraphError extends Error {
  readonly code: string;

  constructor(message: string, code: string) {
    super(message);
    this.name = 'GraphError';
    this.code = code;
  }
}
