import { builder } from './builder.ts';
import { DateTimeRange } from './date-time-range.ts';
import { Provider } from './provider.ts';
import { SessionKind } from './session-kind.ts';
import { SessionStatus } from './session-status.ts';

export const SessionFilter = builder.inputType('SessionFilter', {
  description:
    'Which sessions are wanted. A session must pass every given filter; of a list it must match one item. An empty list matches nothing.',
  fields: (t) => ({
    sources: t.idList({ description: 'Only of these sources, each by its `slug` or its `id`.' }),
    providers: t.field({ type: [Provider], description: 'Only of sources of these kinds of platform.' }),
    kinds: t.field({ type: [SessionKind], description: 'Only sessions that run one of these.' }),
    agents: t.idList({ description: 'Only sessions of the agents with these ids.' }),
    teams: t.idList({ description: 'Only sessions of the teams with these ids.' }),
    workflows: t.idList({ description: 'Only sessions of the workflows with these ids.' }),
    users: t.idList({ description: 'Only sessions of these end users, by `User.id`.' }),
    statuses: t.field({ type: [SessionStatus], description: 'Only sessions in one of these states.' }),
    search: t.string({
      description:
        'Only sessions whose `title` contains this text, or whose `preview` does where they have no title; upper and lower case are the same.',
    }),
    tags: t.stringList({ description: 'Only sessions that have all of these tags.' }),
    createdAt: t.field({ type: DateTimeRange, description: 'Only sessions created in this stretch of time.' }),
    updatedAt: t.field({
      type: DateTimeRange,
      description:
        'Only sessions last active in this stretch of time; creation counts where the platform tells no activity.',
    }),
  }),
});
