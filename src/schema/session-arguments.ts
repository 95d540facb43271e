import { builder } from './builder.ts';
import { SessionFilter } from './session-filter.ts';
import { SessionOrder } from './session-order.ts';

/** The arguments of every connection of sessions. */
export const sessionArguments = builder.args((t) => ({
  ...t.connectionArgs(),
  filter: t.field({ type: SessionFilter, description: 'Which sessions to include; all when it is not given.' }),
  orderBy: t.field({
    type: SessionOrder,
    description: 'The order of the sessions; newest first when it is not given.',
  }),
}));
