import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import type { Problem } from './problem.ts';

export interface YamlFile {
  readonly value: unknown;
  /** Where the thing at a path is said, or else where it should be. Null in an empty file. */
  lineOf(path: Problem['path']): number | null;
}

export type YamlResult =
  | { readonly kind: 'file'; readonly file: YamlFile }
  | { readonly kind: 'mistakes'; readonly mistakes: readonly { readonly line: number; readonly message: string }[] };

export function readYaml(text: string): YamlResult {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const lineAt = (offset: number) => lines.linePos(offset).line;
  if (document.errors.length > 0) {
    const mistakes = document.errors.map(({ pos, message }) => ({ line: lineAt(pos[0]), message }));
    return { kind: 'mistakes', mistakes };
  }
  try {
    const value: unknown = document.toJS();
    return { kind: 'file', file: { value, lineOf: (path) => findLine(document, path, lineAt) } };
  } catch {
    // Only what aliases resolve to can still be wrong: a name that is not there, or too much of it.
    return { kind: 'mistakes', mistakes: [{ line: 1, message: 'A YAML alias (*name) cannot be resolved.' }] };
  }
}

function findLine(document: Document.Parsed, path: Problem['path'], lineAt: (offset: number) => number): number | null {
  let node: Node | null = document.contents;
  let line = offsetOf(node) === null ? null : lineAt(offsetOf(node) ?? 0);
  for (const part of path) {
    const step = stepInto(isAlias(node) ? (node.resolve(document) ?? null) : node, part);
    if (step === null) break;
    node = step.value;
    line = step.offset === null ? line : lineAt(step.offset);
  }
  return line;
}

interface Step {
  readonly value: Node | null;
  readonly offset: number | null;
}

function stepInto(node: Node | null, part: string | number): Step | null {
  if (isSeq<Node>(node) && typeof part === 'number') {
    const item = node.items[part];
    return item === undefined ? null : { value: item, offset: offsetOf(item) };
  }
  if (!isMap<Node, Node | null>(node)) return null;
  const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(part));
  return pair === undefined ? null : { value: pair.value, offset: offsetOf(pair.key) };
}

function offsetOf(node: Node | null): number | null {
  return node?.range?.[0] ?? null;
}
