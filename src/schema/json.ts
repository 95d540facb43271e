import { builder } from './builder.ts';

builder.scalarType('JSON', {
  description:
    'Any JSON value, as the platform sent it, with one exception: a whole number beyond 2^53, which clients could not hold exactly, is a text of its digits. Used where the platform lets its users store what they like.',
  specifiedByURL: 'https://datatracker.ietf.org/doc/html/rfc8259',
  serialize: (value) => value,
});
