import { builder } from './builder.ts';

export const DateTimeRange = builder.inputType('DateTimeRange', {
  description: 'A range of time. An item without a time is in no range.',
  fields: (t) => ({
    from: t.field({ type: 'DateTime', description: 'The beginning of the range, inclusive.' }),
    until: t.field({ type: 'DateTime', description: 'The end of the range, exclusive.' }),
  }),
});
