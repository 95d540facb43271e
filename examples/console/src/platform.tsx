import type { ReactNode } from 'react';
import { graphql, useFragment } from 'react-relay';
import type { platform_source$key } from '#relay/platform_source.graphql.ts';
import { toLabel } from './words.ts';

const marks: Readonly<Record<string, string>> = { FOUNDRY: 'Fo', EVERRUNS: 'Ev', AGENTSCOPE: 'As', AGNO: 'Ag' };

export function Mark({ provider }: { readonly provider: string }): ReactNode {
  return (
    <span className="mark" data-provider={provider} aria-hidden="true">
      {marks[provider] ?? provider.slice(0, 2)}
    </span>
  );
}

export function Platform({ source }: { readonly source: platform_source$key }): ReactNode {
  const { name, provider } = useFragment(graphql`fragment platform_source on Source { name provider }`, source);
  return (
    <span className="platform" title={toLabel(provider)}>
      <Mark provider={provider} />
      <span className="clip">{name}</span>
    </span>
  );
}
