import { builder } from './builder.ts';

builder.scalarType('JSON', {
  description:
    'Any JSON value, as the platform sent it. One exception: a whole number beyond 2^53 is a string of its digits, because JavaScript clients would round the number. Used where the platform stores free-form data.',
  specifiedByURL: 'https://datatracker.ietf.org/doc/html/rfc8259',
  serialize: (value) => value,
});
