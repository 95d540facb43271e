import { type ReactNode, useEffect, useState } from 'react';
import { graphql, useLazyLoadQuery } from 'react-relay';
import type { filterBarAgentsQuery } from '#relay/filterBarAgentsQuery.graphql.ts';
import type { CatalogFacetField, filterBarQuery } from '#relay/filterBarQuery.graphql.ts';
import { Perhaps, Read, type Sent } from './answer.tsx';
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

export const filterBar = graphql`
  query filterBarQuery($search: String, $filter: SessionFilter, $named: [ID!]!) {
    sources { slug ...platform_source }
    nodes(ids: $named) {
      id
      ... on Agent { name nativeId }
      ... on Team { name nativeId }
      ... on Workflow { name nativeId }
    }
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

type Known = filterBarQuery['response'];

/** What cannot be counted exactly is not counted. */
const exactly = (known: Known) => (known.catalog?.sessions?.precision === 'EXACT' ? known.catalog.sessions : undefined);

function countOf(known: Known, field: CatalogFacetField, value: string): ReactNode {
  const facet = exactly(known)?.facets.find((each) => each.field === field);
  if (facet === undefined) return null;
  const seen = facet.values.find((each) => each.value === value);
  // What no session has is not among the values, and neither is what comes after the first hundred.
  return (seen?.count ?? (facet.values.length === facet.distinct ? 0 : undefined))?.toLocaleString('en');
}

interface Props {
  readonly title: string;
  readonly choices: Sent<filterBarQuery>;
}

export function FilterBar({ title, choices }: Props): ReactNode {
  const { params, set } = useFilters();
  const [isOpen, setOpen] = useState(false);
  return (
    <header className="bar">
      <h1 tabIndex={-1}>
        {title}{' '}
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
        <Day name="until" label="Jump to" />
        <select
          aria-label="Order"
          value={params.get('order') ?? ''}
          onChange={({ target }) => set('order', target.value)}
        >
          <option value="">Newest</option>
          <option value="active">Last active</option>
        </select>
      </div>
      <div className="filters" data-open={isOpen}>
        <Menus choices={choices} />
        <Perhaps to={choices}>{(known) => <Chosen known={known} />}</Perhaps>
      </div>
    </header>
  );
}

function Menus({ choices }: Pick<Props, 'choices'>): ReactNode {
  return (
    <>
      {menus.map(({ label, name, field, words }) => (
        <Menu key={name} label={label}>
          <Read to={choices}>
            {(known) =>
              words.map((word) => (
                <Option key={word} name={name} value={word.toLowerCase()} count={countOf(known, field, word)}>
                  {name === 'provider' && <Mark provider={word} />}
                  {name === 'status' ? <Status status={word} /> : toLabel(word)}
                </Option>
              ))
            }
          </Read>
        </Menu>
      ))}
      <Menu label="Source">
        <Read to={choices}>
          {(known) =>
            known.sources.map((source) => (
              <Option key={source.slug} name="source" value={source.slug} count={countOf(known, 'SOURCE', source.slug)}>
                <Platform source={source} />
              </Option>
            ))
          }
        </Read>
      </Menu>
      <Menu label="Agent">
        <Read to={choices}>{(known) => <Agents known={known} />}</Read>
      </Menu>
      <Menu label="User">
        <Text name="user" label="Id of a user" />
      </Menu>
      <Menu label="Time">
        <Day name="from" label="From" />
        <Day name="until" label="To" />
      </Menu>
    </>
  );
}

/** What the list is narrowed to, each with a way out of it. */
function Chosen({ known }: { readonly known: Known }): ReactNode {
  const { params, toggle } = useFilters();
  const chosen = [...params].filter(([name]) => name !== 'q' && name !== 'order');
  if (chosen.length === 0) return null;
  return (
    <>
      {chosen.map(([name, value]) => (
        <button
          key={`${name} ${value}`}
          type="button"
          className="chip"
          title="Remove this filter"
          onClick={() => toggle(name, value)}
        >
          <span className="clip">{toText(name, value, known)}</span> ×
        </button>
      ))}
      <a href={params.has('order') ? '/?order=active' : '/'} className="clear">
        Clear
      </a>
    </>
  );
}

function toText(name: string, value: string, known: Known): string {
  if (menus.some((menu) => menu.name === name)) return toLabel(value.toUpperCase());
  if (name === 'from' || name === 'until') return `${name} ${value}`;
  if (!['agent', 'team', 'workflow'].includes(name)) return value;
  const named = known.nodes.find((node) => node?.id === value);
  return named?.name ?? named?.nativeId ?? `one ${name}`;
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
  return (
    <input
      type="search"
      aria-label={label}
      placeholder={label}
      value={text}
      onChange={({ target }) => setText(target.value)}
    />
  );
}

/** Asked for when the menu opens: that costs requests to the platforms, and most visits do without. */
function Agents({ known }: { readonly known: Known }): ReactNode {
  const { agents } = useLazyLoadQuery<filterBarAgentsQuery>(
    graphql`
      query filterBarAgentsQuery {
        agents(first: 100, orderBy: { field: NAME }) {
          nodes { id name nativeId source { ...platform_source } }
          pageInfo { hasNextPage }
        }
      }
    `,
    {},
  );
  return (
    <>
      {agents?.nodes.map(({ id, name, nativeId, source }) => (
        <Option key={id} name="agent" value={id} count={countOf(known, 'AGENT', id)}>
          <span className="clip">{name ?? nativeId}</span>
          <Platform source={source} />
        </Option>
      ))}
      {agents?.pageInfo.hasNextPage && <p className="none">The other agents are linked from their sessions.</p>}
    </>
  );
}
