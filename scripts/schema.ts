/** Writes schema.graphql: the SDL of the subgraph, as gateways and client tools read it. */
import { writeFileSync } from 'node:fs';
import { printSubgraphSchema } from '@apollo/subgraph';
import { createSchema } from '../src/schema/schema.ts';

writeFileSync(new URL('../schema.graphql', import.meta.url), `${printSubgraphSchema(createSchema()).trim()}\n`);
