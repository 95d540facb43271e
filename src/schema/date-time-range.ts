import { builder } from './builder.ts';

export const DateTimeRange = builder.inputType('DateTimeRange', {
  description: 'A range of time. What has no time is outside of every range.',
  fields: (t) => ({
    from: t.field({ type: 'DateTime', description: 'The beginning, which is part of the range.' }),
    until: t.field({ type: 'DateTime', description: 'The end, which is not part of the range.' }),
  }),
});
