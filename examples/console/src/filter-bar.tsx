import { type ReactNode, Suspense, useDeferredValue, useEffect, useState } from 'react';
import { graphql, useLazyLoadQuery } from 'react-relay';
import type { filterBarAgentsQuery } from '#relay/filterBarAgentsQuery.graphql.ts';
import type { filterBarNameQuery } from '#relay/filterBarNameQuery.graphql.ts';
import type { CatalogFacetField, filterBarQuery } from '#relay/filterBarQuery.graphql.ts';
import { Perhaps, type Sent } from './answer.tsx';
import { kinds, providers, statuses } from './filters.ts';
import { Menu, Option, useFilters } from './menu.tsx';
import { Mark, Platform } from './platform.tsx';
import { Status } from './status.tsx';
import { toLabel } from './words.ts';

const menus = [
  { label: 'Status', name: 'status', field: 'STATUS', words: statuses },
  { label: 'Platform', name: 'provider', field: 'PROVIDER', words: providers },
  { label: 'Kind', name: 'kind', field: 'KIND', words: kinds },
] as const;
const orders = { '': 'Newest', active: 'Last active' } as const;

type Choices = filterBarQuery['response'] | null;

export const filterBar = graphql`
  query filterBarQuery($search: String, $filter: SessionFilter) {
    sources { slug ...platform_source }
    catalog {
      sessions(search: $search, filter: $filter, first: 0) {
        totalCount precision
        facets(fields: [STATUS, PROVIDER, KIND, SOURCE, AGENT], top: 100) {
          field distinct
          values { value count }
        }
      }
    }
  }
`;

/** What cannot be counted exactly is not counted. */
const exactly = (choices: Choices) =>
  choices?.catalog?.sessions?.precision === 'EXACT' ? choices.catalog.sessions : undefined;

function countOf(choices: Choices, field: CatalogFacetField, value: string): number | undefined {
  const facet = exactly(choices)?.facets.find((each) => each.field === field);
  if (facet === undefined) return undefined;
  const seen = facet.values.find((each) => each.value === value);
  // What no session has is not among the values, and neither is what comes after the first hundred.
  return seen?.count ?? (facet.values.length === facet.distinct ? 0 : undefined);
}

export function FilterBar({ choices }: { readonly choices: Sent<filterBarQuery> }): ReactNode {
  const { params, set, toggle } = useFilters();
  const [isOpen, setOpen] = useState(false);
  const chosen = [...params].filter(([name]) => !['q', 'order', 'at'].includes(name));
  const count = (field: CatalogFacetField, value: string): ReactNode => (
    <Perhaps to={choices}>{(known) => countOf(known, field, value)?.toLocaleString('en')}</Perhaps>
  );
  const kept = new URLSearchParams([...params].filter(([name]) => name === 'order' || name === 'at'));
  return (
    <header className="bar">
      <h1 tabIndex={-1}>
        Sessions{' '}
        <Perhaps to={choices}>{(known) => <small>{exactly(known)?.totalCount.toLocaleString('en')}</small>}</Perhaps>
      </h1>
      <search>
        <Text name="q" label="Search sessions" />
        <kbd>/</kbd>
      </search>
      <button type="button" className="button toggle" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        Filters
      </button>
      <div className="ordering">
        <Day name="at" label="Jump to" />
        <fieldset className="segments" aria-label="Order">
          {Object.entries(orders).map(([order, label]) => (
            <label key={order}>
              <input
                type="radio"
                name="order"
                checked={(params.get('order') ?? '') === order}
                onChange={() => set('order', order)}
              />
              {label}
            </label>
          ))}
        </fieldset>
      </div>
      <div className="filters" data-open={isOpen}>
        {menus.map(({ label, name, field, words }) => (
          <Menu key={name} label={label}>
            {words.map((word) => (
              <Option key={word} name={name} value={word.toLowerCase()} count={count(field, word)}>
                {name === 'provider' && <Mark provider={word} />}
                {name === 'status' ? <Status status={word} /> : toLabel(word)}
              </Option>
            ))}
          </Menu>
        ))}
        <Menu label="Source">
          <Perhaps to={choices}>
            {(known) =>
              known?.sources.map((source) => (
                <Option key={source.slug} name="source" value={source.slug} count={count('SOURCE', source.slug)}>
                  <Platform source={source} />
                </Option>
              ))
            }
          </Perhaps>
        </Menu>
        <Agents count={count} />
        <Menu label="User">
          <Text name="user" label="Id of a user" />
        </Menu>
        <Menu label="Created">
          <Day name="from" label="From" />
          <Day name="until" label="To" />
        </Menu>
        {chosen.map(([name, value]) => (
          <button
            key={`${name} ${value}`}
            type="button"
            className="chip"
            title="Remove this filter"
            onClick={() => toggle(name, value)}
          >
            <span className="clip">{toText(name, value)}</span> ×
          </button>
        ))}
        {chosen.length > 0 && (
          <a href={`/?${kept}`} className="clear">
            Clear
          </a>
        )}
      </div>
    </header>
  );
}

function toText(name: string, value: string): ReactNode {
  if (['agent', 'team', 'workflow'].includes(name)) {
    return (
      <Suspense fallback="…">
        <Name id={value} />
      </Suspense>
    );
  }
  if (name === 'from' || name === 'until') return `${name} ${value}`;
  return menus.some((menu) => menu.name === name) ? toLabel(value.toUpperCase()) : value;
}

interface FieldProps {
  /** In the URL. */
  readonly name: string;
  readonly label: string;
}

function Day({ name, label }: FieldProps): ReactNode {
  const { params, set } = useFilters();
  return (
    <label className="day">
      {label}
      <input type="date" value={params.get(name) ?? ''} onChange={({ target }) => set(name, target.value)} />
    </label>
  );
}

/** The URL follows the typing after a pause, in one entry of the history. */
function Text({ name, label }: FieldProps): ReactNode {
  const { params, set } = useFilters();
  const given = params.get(name) ?? '';
  const [text, setText] = useState(given);
  const [known, setKnown] = useState(given);
  if (known !== given) {
    setKnown(given);
    setText(given);
  }
  useEffect(() => {
    if (text === known) return undefined;
    const timer = setTimeout(() => set(name, text, 'replace'), 300);
    return () => clearTimeout(timer);
  });
  return <Field label={label} text={text} onText={setText} />;
}

interface TextProps {
  readonly label: string;
  readonly text: string;
  readonly onText: (text: string) => void;
}

const Field = ({ label, text, onText }: TextProps): ReactNode => (
  <input
    type="search"
    aria-label={label}
    placeholder={label}
    value={text}
    onChange={({ target }) => onText(target.value)}
  />
);

interface CountProps {
  readonly count: (field: CatalogFacetField, value: string) => ReactNode;
}

/** The agents are asked for when the panel opens: that costs requests to the platforms, and most visits do without. */
function Agents({ count }: CountProps): ReactNode {
  const [isOpen, setOpen] = useState(false);
  const [text, setText] = useState('');
  const search = useDeferredValue(text);
  return (
    <Menu label="Agent" onOpen={() => setOpen(true)}>
      <Field label="Search agents" text={text} onText={setText} />
      <Suspense fallback={<p className="none">Loading agents…</p>}>
        {isOpen && <AgentOptions count={count} search={search} />}
      </Suspense>
    </Menu>
  );
}

function AgentOptions({ count, search }: CountProps & { readonly search: string }): ReactNode {
  const { agents } = useLazyLoadQuery<filterBarAgentsQuery>(
    graphql`
      query filterBarAgentsQuery($search: String) {
        agents(first: 50, filter: { search: $search }, orderBy: { field: NAME }) {
          nodes { id name nativeId source { ...platform_source } }
          pageInfo { hasNextPage }
        }
      }
    `,
    { search: search || null },
  );
  return (
    <>
      {agents?.nodes.map(({ id, name, nativeId, source }) => (
        <Option key={id} name="agent" value={id} count={count('AGENT', id)}>
          <span className="clip">{name ?? nativeId}</span>
          <Platform source={source} />
        </Option>
      ))}
      {agents?.nodes.length === 0 && <p className="none">No agent has this in its name.</p>}
      {agents?.pageInfo.hasNextPage === true && <p className="none">There are more: type a part of the name.</p>}
    </>
  );
}

/** Of the agent, team or workflow that the list is narrowed to. */
function Name({ id }: { readonly id: string }): ReactNode {
  const { node } = useLazyLoadQuery<filterBarNameQuery>(
    graphql`
      query filterBarNameQuery($id: ID!) {
        node(id: $id) {
          ... on Agent { name nativeId }
          ... on Team { name nativeId }
          ... on Workflow { name nativeId }
        }
      }
    `,
    { id },
  );
  return node?.name ?? node?.nativeId ?? 'not found';
}
