import type { ReactNode } from 'react';
import { toLabel } from './words.ts';

interface Props {
  readonly status: string;
  /** The platform's own word, on hover. */
  readonly native?: string | null | undefined;
}

/** Of a session, a message, a call of a tool or a source: what it is in a colour and a word. */
export function Status({ status, native = null }: Props): ReactNode {
  return (
    <span className="status" data-status={status} title={native === null ? undefined : `The platform says “${native}”`}>
      {toLabel(status)}
    </span>
  );
}
