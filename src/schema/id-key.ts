import { builder } from './builder.ts';

/** What other subgraphs name an entity by. */
export const idKey = builder.selection<{ id: string }>('id');
