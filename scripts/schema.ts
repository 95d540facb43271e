/** Writes schema.graphql: the SDL of the subgraph, as gateways and client tools read it. */
import { writeFileSync } from 'node:fs';
import { createSchema } from '../src/schema/schema.ts';
import { printSchema } from './print-schema.ts';

writeFileSync(new URL('../schema.graphql', import.meta.url), printSchema(createSchema()));
