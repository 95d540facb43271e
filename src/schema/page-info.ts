import type { PageInfo as PageInfoShape } from '../connections/connection.ts';
import { builder } from './builder.ts';

/** Every Relay subgraph has this type and all mean the same by it. */
export const PageInfo = builder.objectRef<PageInfoShape>('PageInfo').implement({
  description: 'Where a page lies in its list.',
  shareable: true,
  fields: (t) => ({
    hasNextPage: t.boolean({
      description: 'Whether anything follows this page.',
      resolve: (page) => page.hasNextPage(),
    }),
    hasPreviousPage: t.boolean({
      description: 'Whether anything comes before this page.',
      resolve: (page) => page.hasPreviousPage(),
    }),
    startCursor: t.string({
      nullable: true,
      description: 'To be given as `before` for the page before this one.',
      resolve: (page) => page.startCursor(),
    }),
    endCursor: t.string({
      nullable: true,
      description:
        'To be given as `after` for the page after this one. It may be there on a page without items, when a source had to stop looking before it found any.',
      resolve: (page) => page.endCursor(),
    }),
  }),
});
