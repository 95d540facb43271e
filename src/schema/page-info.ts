import type { PageInfo as PageInfoShape } from '../connections/connection.ts';
import { builder } from './builder.ts';

/** Every Relay subgraph has this type and all mean the same by it. */
export const PageInfo = builder.objectRef<PageInfoShape>('PageInfo').implement({
  description: 'Whether more pages come before and after a page, and the cursors that lead to them.',
  shareable: true,
  fields: (t) => ({
    hasNextPage: t.boolean({
      description: 'Whether more items may follow this page. It is true while a source that failed may have more.',
      resolve: (page) => page.hasNextPage(),
    }),
    hasPreviousPage: t.boolean({
      description: 'Whether more items may come before this page.',
      resolve: (page) => page.hasPreviousPage(),
    }),
    startCursor: t.string({
      nullable: true,
      description: 'Pass it as `before` to get the page before this one.',
      resolve: (page) => page.startCursor(),
    }),
    endCursor: t.string({
      nullable: true,
      description:
        'Pass it as `after` to get the page after this one. A page without items may have it too: then a source stopped at its limit before it found a match, and the next page continues from there.',
      resolve: (page) => page.endCursor(),
    }),
  }),
});
