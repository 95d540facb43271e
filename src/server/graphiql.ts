import { renderGraphiQL } from '@graphql-yoga/render-graphiql';
import type { GraphiQLOptions } from 'graphql-yoga';
import { toExampleQueries } from './example-queries.ts';

export interface Graphiql {
  readonly options: GraphiQLOptions;
  /** The whole page, scripts and styles included: it loads nothing from anywhere. */
  readonly render: () => string;
}

export function createGraphiql(sourceIds: readonly string[], endpoint: string): Graphiql {
  const examples = toExampleQueries(sourceIds);
  const options: GraphiQLOptions = {
    title: 'Session Graph',
    endpoint,
    ...(examples[0] === undefined ? {} : { defaultQuery: examples[0].query }),
    defaultTabs: examples.map(({ query, variables }) => ({ query, variables: JSON.stringify(variables, null, 2) })),
    // A token must not outlive the tab it was pasted into.
    shouldPersistHeaders: false,
  };
  let page: string | null = null;
  return {
    options,
    render() {
      // Some megabytes, which are the same each time.
      page ??= renderGraphiQL(options);
      return page;
    },
  };
}
