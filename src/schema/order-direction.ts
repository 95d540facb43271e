import { builder } from './builder.ts';

export const OrderDirection = builder.enumType('OrderDirection', {
  description: 'The direction of an order.',
  values: {
    ASC: { description: 'Oldest first, or A to Z.' },
    DESC: { description: 'Newest first, or Z to A.' },
  } as const,
});
