export interface Edge<Node> {
  readonly node: Node;
  /** Made when it is asked for. */
  cursor(): string;
}
