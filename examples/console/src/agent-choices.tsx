import { type ReactNode, Suspense, useDeferredValue, useState } from 'react';
import { graphql, useLazyLoadQuery } from 'react-relay';
import type { agentChoicesChipQuery } from '#relay/agentChoicesChipQuery.graphql.ts';
import type { agentChoicesQuery } from '#relay/agentChoicesQuery.graphql.ts';
import { Menu } from './menu.tsx';
import { Platform } from './platform.tsx';

interface Props {
  readonly chosen: readonly string[];
  readonly onChoose: (ids: readonly string[]) => void;
}

/** The agents are asked for when the panel opens: that costs requests to the platforms, and most visits do without. */
export function AgentChoices({ chosen, onChoose }: Props): ReactNode {
  const [isOpen, setOpen] = useState(false);
  const [text, setText] = useState('');
  const search = useDeferredValue(text);
  return (
    <Menu label="Agent" value={chosen.length === 0 ? null : String(chosen.length)} onOpen={() => setOpen(true)}>
      <input
        type="search"
        aria-label="Search agents"
        placeholder="Search agents"
        value={text}
        onChange={({ target }) => setText(target.value)}
      />
      {isOpen && (
        <Suspense fallback={<p className="loading">Loading agents…</p>}>
          <Agents search={search} chosen={chosen} onChoose={onChoose} />
        </Suspense>
      )}
    </Menu>
  );
}

function Agents({ search, chosen, onChoose }: Props & { readonly search: string }): ReactNode {
  const { agents } = useLazyLoadQuery<agentChoicesQuery>(
    graphql`
      query agentChoicesQuery($search: String) {
        agents(first: 50, filter: { search: $search }, orderBy: { field: NAME }) {
          nodes { id name nativeId source { ...platform_source } }
          pageInfo { hasNextPage }
        }
      }
    `,
    { search: search || null },
    { fetchPolicy: 'store-or-network' },
  );
  return (
    <>
      {agents?.nodes.map(({ id, name, nativeId, source }) => (
        <label key={id}>
          <input
            type="checkbox"
            checked={chosen.includes(id)}
            onChange={({ target }) =>
              onChoose(target.checked ? [...chosen, id] : chosen.filter((other) => other !== id))
            }
          />
          <span className="clip">{name ?? nativeId}</span>
          <Platform source={source} />
        </label>
      ))}
      {agents?.nodes.length === 0 && <p className="none">No agent has this in its name.</p>}
      {agents?.pageInfo.hasNextPage === true && <p className="none">There are more: type a part of the name.</p>}
    </>
  );
}

interface ChipProps {
  readonly id: string;
  readonly onRemove: () => void;
}

/** The agent, team or workflow that the list is narrowed to. */
export function Chip({ id, onRemove }: ChipProps): ReactNode {
  return (
    <span className="chip">
      <Suspense fallback="…">
        <ChipName id={id} />
      </Suspense>
      <button type="button" aria-label="Remove this filter" onClick={onRemove}>
        ×
      </button>
    </span>
  );
}

function ChipName({ id }: { readonly id: string }): ReactNode {
  const { node } = useLazyLoadQuery<agentChoicesChipQuery>(
    graphql`
      query agentChoicesChipQuery($id: ID!) {
        node(id: $id) {
          ... on Agent { name nativeId }
          ... on Team { name nativeId }
          ... on Workflow { name nativeId }
        }
      }
    `,
    { id },
    { fetchPolicy: 'store-or-network' },
  );
  return <span className="clip">{node?.name ?? node?.nativeId ?? 'not found'}</span>;
}
