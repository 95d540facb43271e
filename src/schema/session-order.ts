import { builder } from './builder.ts';
import { OrderDirection } from './order-direction.ts';

export const SessionOrderField = builder.enumType('SessionOrderField', {
  description: 'What sessions can be ordered by.',
  values: {
    CREATED_AT: { description: 'When the session was created.' },
    UPDATED_AT: {
      description:
        'When the session was last active. Where the platform does not report activity, the time of creation counts.',
    },
  } as const,
});

export const SessionOrder = builder.inputType('SessionOrder', {
  description:
    'The order of sessions. Sessions with the same time are ordered by source and id, so the order is always the same.',
  fields: (t) => ({
    field: t.field({
      type: SessionOrderField,
      required: true,
      defaultValue: 'CREATED_AT',
      description: 'What to order by.',
    }),
    direction: t.field({
      type: OrderDirection,
      required: true,
      defaultValue: 'DESC',
      description: 'The direction of the order.',
    }),
  }),
});
