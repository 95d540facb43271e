import { builder } from './builder.ts';
import { DateTimeRange } from './date-time-range.ts';
import { Provider } from './provider.ts';
import { SessionKind } from './session-kind.ts';
import { SessionStatus } from './session-status.ts';

export const SessionFilter = builder.inputType('SessionFilter', {
  description:
    'Which sessions to include: those that match every given field. A list is matched by any of its items, except for `tags`, which must all match. An empty list matches nothing.',
  fields: (t) => ({
    sources: t.idList({ description: 'Only sessions of these sources, each given by its `slug` or its `id`.' }),
    providers: t.field({ type: [Provider], description: 'Only sessions on platforms of these kinds.' }),
    nativeIds: t.stringList({
      description:
        'Only sessions with one of these native ids, at most 20. This finds a session of which you know only the id on its platform. One native id may be that of several sessions.',
    }),
    kinds: t.field({ type: [SessionKind], description: 'Only sessions of these kinds.' }),
    agents: t.idList({ description: 'Only sessions of the agents with these ids.' }),
    teams: t.idList({ description: 'Only sessions of the teams with these ids.' }),
    workflows: t.idList({ description: 'Only sessions of the workflows with these ids.' }),
    users: t.idList({ description: 'Only sessions of these end users, by `User.id`.' }),
    statuses: t.field({ type: [SessionStatus], description: 'Only sessions with one of these statuses.' }),
    search: t.string({
      description:
        'Only sessions whose `title` contains this text, ignoring case. Sessions without a title match by their `preview`.',
    }),
    tags: t.stringList({ description: 'Only sessions that have all of these tags.' }),
    createdAt: t.field({ type: DateTimeRange, description: 'Only sessions created in this range.' }),
    updatedAt: t.field({
      type: DateTimeRange,
      description:
        'Only sessions last active in this range. Where the platform does not report activity, the time of creation counts.',
    }),
  }),
});
