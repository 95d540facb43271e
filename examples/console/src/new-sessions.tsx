import { type ReactNode, useState } from 'react';
import { Count } from './changes.tsx';
import { type ListVariables, placeOf } from './filters.ts';
import { reload } from './router.tsx';

type Times = Readonly<Record<'createdAt' | 'updatedAt', string | null | undefined>>;

interface Props {
  readonly variables: ListVariables;
  readonly newest: Times | undefined;
}

/** How many sessions there are above the first row. They come when the user asks: a list that is read stays as it is. */
export function NewSessions({ variables: { filter, orderBy }, newest }: Props): ReactNode {
  const [opened] = useState(() => new Date().toISOString());
  const place = placeOf(orderBy.field);
  // The range begins after the first row itself.
  const from = new Date(Date.parse(newest?.[place] ?? opened) + 1).toISOString();
  const noun = place === 'createdAt' ? 'new session' : 'session';
  return (
    <div className="announced" role="status">
      <Count filter={{ ...filter, [place]: { ...filter[place], from } }}>
        {(count, isExact) =>
          count > 0 && (
            <button type="button" onClick={reload}>
              {isExact ? '' : 'At least '}
              {count.toLocaleString('en')} {noun}
              {count === 1 ? '' : 's'} {place === 'updatedAt' && 'active since'}
            </button>
          )
        }
      </Count>
    </div>
  );
}
