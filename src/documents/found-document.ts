import type { DocumentNode } from 'graphql';

/** A document as it was found, before it is known to be right. */
export interface FoundDocument {
  readonly id: string;
  readonly text: string;
  readonly file: string;
  /** The name of its operation; null when it has none. */
  readonly operation: string | null;
  /** The text as it stands in its files, with its places there; null where the text is not written in a file of its own. */
  readonly source: DocumentNode | null;
}

/** A line about something that is wrong, with what helps to find it. */
export function toMistake({ id, operation, source }: FoundDocument, place: string, message: string): string {
  const name = operation ?? 'an operation without a name';
  return `${place}  ${source === null ? `${JSON.stringify(id)} ${operation ?? ''}`.trim() : name}  ${message}`;
}
