import type { ReactNode } from 'react';

const lines = (count: number, className: string): ReactNode =>
  Array.from({ length: count }, (_, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: they are all alike.
    <div key={index} className={className} />
  ));

export function SkeletonRows(): ReactNode {
  return (
    <div className="skeleton" role="status" aria-label="Loading sessions">
      {lines(14, 'bone row')}
    </div>
  );
}

export function SkeletonText({ what }: { readonly what: string }): ReactNode {
  return (
    <div className="skeleton text" role="status" aria-label={`Loading ${what}`}>
      {lines(6, 'bone')}
    </div>
  );
}
