/** Writes session-graph.schema.json, with which editors complete and check configuration files. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { toJsonSchema } from '../src/config/file-schema.ts';

const root = join(import.meta.dirname, '..');
const file = join(root, 'session-graph.schema.json');
writeFileSync(file, JSON.stringify(toJsonSchema()));
const biome = join(root, 'node_modules', '@biomejs', 'biome', 'bin', 'biome');
process.exitCode = spawnSync(process.execPath, [biome, 'format', '--write', file], { stdio: 'inherit' }).status ?? 1;
