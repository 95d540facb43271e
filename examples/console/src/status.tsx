import type { ReactNode } from 'react';
import { toLabel } from './words.ts';

interface Props {
  readonly status: string;
  /** The platform's own word, on hover. */
  readonly native?: string | null | undefined;
}

export function Status({ status, native }: Props): ReactNode {
  const title = native === null || native === undefined ? undefined : `The platform says “${native}”`;
  return (
    <span className="status" data-status={status} title={title}>
      {toLabel(status)}
    </span>
  );
}
