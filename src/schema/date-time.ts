import { GraphQLError, Kind, type ValueNode } from 'graphql';
import { type Instant, parseInstant } from '../domain/instant.ts';
import { builder } from './builder.ts';

const pattern =
  /^\d{4}-(?:0[1-9]|1[0-2])-\d\dT(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/i;

builder.scalarType('DateTime', {
  description:
    'A point in time in RFC 3339 format with a time zone, such as `2026-03-01T09:30:00.125Z`. Results keep the precision of the platform, from seconds to nanoseconds, so the number of digits varies. Arguments must have a time zone.',
  specifiedByURL: 'https://datatracker.ietf.org/doc/html/rfc3339',
  serialize: (instant) => instant.text,
  parseValue: (value) => toInstant(value, undefined),
  parseLiteral: (literal) => toInstant(literal.kind === Kind.STRING ? literal.value : null, literal),
});

function toInstant(value: unknown, node: ValueNode | undefined): Instant {
  const instant = typeof value === 'string' && pattern.test(value) ? parseInstant(value.toUpperCase()) : null;
  if (instant === null) {
    const options = { extensions: { code: 'BAD_USER_INPUT' }, ...(node === undefined ? {} : { nodes: node }) };
    throw new GraphQLError('A DateTime is RFC 3339 text with a zone, such as "2026-03-01T09:30:00Z".', options);
  }
  return instant;
}
