import { type ReactNode, Suspense, useEffect, useState } from 'react';
import { graphql, useLazyLoadQuery } from 'react-relay';
import type { filterBarQuery } from '#relay/filterBarQuery.graphql.ts';
import { AgentChoices, Chip } from './agent-choices.tsx';
import { type Filters, kinds, providers, readFilters, statuses, toHref } from './filters.ts';
import { Choices, Menu } from './menu.tsx';
import { Mark } from './platform.tsx';
import { Link, useRouter } from './router.tsx';
import { Status } from './status.tsx';
import { toLabel } from './words.ts';

export function FilterBar(): ReactNode {
  const { url, target, navigate } = useRouter();
  // A choice shows at once, before the sessions that it chooses.
  const filters = readFilters(target.pathname === url.pathname ? target : url);
  const [isOpen, setOpen] = useState(false);
  const set = (change: Partial<Filters>): void => navigate(toHref({ ...filters, ...change }));
  const { order, at, ...narrowing } = filters;
  const isNarrowed = Object.values(narrowing).some((value) => value !== null && value.length > 0);
  return (
    <header className="bar">
      <h1 tabIndex={-1}>Sessions</h1>
      <Search filters={filters} />
      <button type="button" className="button toggle" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        Filters
      </button>
      <div className="ordering">
        <label className="jump">
          Jump to
          <input type="date" value={at ?? ''} onChange={({ target }) => set({ at: target.value || null })} />
        </label>
        <fieldset className="segments" aria-label="Order">
          {(['CREATED_AT', 'UPDATED_AT'] as const).map((field) => (
            <label key={field}>
              <input type="radio" name="order" checked={order === field} onChange={() => set({ order: field })} />
              {field === 'CREATED_AT' ? 'Newest' : 'Last active'}
            </label>
          ))}
        </fieldset>
      </div>
      <div className="filters" data-open={isOpen}>
        <Choices
          label="Status"
          options={statuses.map((value) => ({ value, name: toLabel(value), label: <Status status={value} /> }))}
          chosen={filters.statuses}
          onChoose={(values) => set({ statuses: values })}
        />
        <Choices
          label="Platform"
          options={providers.map((value) => ({
            value,
            name: toLabel(value),
            label: (
              <>
                <Mark provider={value} /> {toLabel(value)}
              </>
            ),
          }))}
          chosen={filters.providers}
          onChoose={(values) => set({ providers: values })}
        />
        <Suspense fallback={<Choices label="Source" options={[]} chosen={[]} onChoose={() => undefined} />}>
          <SourceChoices chosen={filters.sources} onChoose={(sources) => set({ sources })} />
        </Suspense>
        <Choices
          label="Kind"
          options={kinds.map((value) => ({ value, name: toLabel(value), label: toLabel(value) }))}
          chosen={filters.kinds}
          onChoose={(values) => set({ kinds: values })}
        />
        <AgentChoices chosen={filters.agents} onChoose={(agents) => set({ agents })} />
        <UserChoice users={filters.users} onChoose={(users) => set({ users })} />
        <Menu label="Created" value={toRange(filters)}>
          <label>
            From
            <input
              type="date"
              value={filters.from ?? ''}
              onChange={({ target }) => set({ from: target.value || null })}
            />
          </label>
          <label>
            To
            <input
              type="date"
              value={filters.until ?? ''}
              onChange={({ target }) => set({ until: target.value || null })}
            />
          </label>
        </Menu>
        {[...filters.agents, ...filters.teams, ...filters.workflows].map((id) => (
          <Chip
            key={id}
            id={id}
            onRemove={() =>
              set({
                agents: filters.agents.filter((other) => other !== id),
                teams: filters.teams.filter((other) => other !== id),
                workflows: filters.workflows.filter((other) => other !== id),
              })
            }
          />
        ))}
        {isNarrowed && (
          <Link href={toHref({ order, at })} className="clear">
            Clear
          </Link>
        )}
      </div>
    </header>
  );
}

function toRange({ from, until }: Filters): string | null {
  if (from === null && until === null) return null;
  return `${from ?? '…'} – ${until ?? '…'}`;
}

/** The URL follows the typing after a pause, in one entry of the history. */
function Search({ filters }: { readonly filters: Filters }): ReactNode {
  const { navigate } = useRouter();
  const [text, setText] = useState(filters.search ?? '');
  const [known, setKnown] = useState(filters.search);
  if (known !== filters.search) {
    setKnown(filters.search);
    setText(filters.search ?? '');
  }
  useEffect(() => {
    if (text === (known ?? '')) return undefined;
    const timer = setTimeout(() => navigate(toHref({ ...filters, search: text || null }), 'replace'), 300);
    return () => clearTimeout(timer);
  });
  return (
    <search>
      <input
        type="search"
        aria-label="Search titles"
        placeholder="Search titles"
        aria-keyshortcuts="/"
        value={text}
        onChange={({ target }) => setText(target.value)}
      />
      <kbd>/</kbd>
    </search>
  );
}

interface SourceChoicesProps {
  readonly chosen: readonly string[];
  readonly onChoose: (values: readonly string[]) => void;
}

function SourceChoices({ chosen, onChoose }: SourceChoicesProps): ReactNode {
  const { sources } = useLazyLoadQuery<filterBarQuery>(
    graphql`
      query filterBarQuery {
        sources { slug name provider }
      }
    `,
    {},
    { fetchPolicy: 'store-or-network' },
  );
  const options = sources.map(({ slug, name, provider }) => ({
    value: slug,
    name,
    label: (
      <>
        <Mark provider={provider} /> {name}
      </>
    ),
  }));
  return <Choices label="Source" options={options} chosen={chosen} onChoose={onChoose} />;
}

interface UserChoiceProps {
  readonly users: readonly string[];
  readonly onChoose: (users: readonly string[]) => void;
}

function UserChoice({ users, onChoose }: UserChoiceProps): ReactNode {
  return (
    <Menu label="User" value={users.length === 0 ? null : users.join(', ')}>
      <form
        key={users.join()}
        onSubmit={(event) => {
          event.preventDefault();
          const text = String(new FormData(event.currentTarget).get('users') ?? '');
          onChoose(text.split(',').flatMap((word) => word.trim() || []));
        }}
      >
        <label>
          Ids, with commas between
          <input name="users" defaultValue={users.join(', ')} placeholder="alice, bob" />
        </label>
        <button type="submit" className="button">
          Show
        </button>
      </form>
    </Menu>
  );
}
