/**
 * Refuses a graph that breaks the one of another commit: `npm run check:schema -- [commit]`. What is meant to break is
 * acknowledged in schema.acknowledged.json, word for word and with a reason.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { createSchema } from '../src/schema/schema.ts';
import { breakingChanges } from './breaking-changes.ts';
import { printSchema } from './print-schema.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const acknowledgments = z.strictObject({
  changes: z.array(z.strictObject({ change: z.string().min(1), why: z.string().min(1) })),
});

const current = printSchema(createSchema());
const base = process.argv[2] ?? defaultBase();
const before = base === null ? null : schemaOf(base);
if (before === null) {
  process.stdout.write('There is no earlier schema.graphql to compare with.\n');
} else {
  const text = readFileSync(new URL('../schema.acknowledged.json', import.meta.url), 'utf8');
  const acknowledged = new Set(acknowledgments.parse(JSON.parse(text)).changes.map(({ change }) => change));
  const changes = breakingChanges(before, current);
  const unacknowledged = changes.filter((change) => !acknowledged.has(change));
  for (const change of unacknowledged) process.stderr.write(`Breaking: ${change}\n`);
  if (unacknowledged.length > 0) {
    process.stderr.write('Keep what is there, or add each of these sentences to schema.acknowledged.json.\n');
    process.exitCode = 1;
  } else {
    process.stdout.write('Nothing breaks that is not acknowledged.\n');
  }
}

/** The last commit, or the one before it when its graph is already the current one, as in a fresh checkout. */
function defaultBase(): string | null {
  if (schemaOf('HEAD') !== current) return 'HEAD';
  return git('rev-parse', '--verify', '--quiet', 'HEAD^') === null ? null : 'HEAD^';
}

function schemaOf(commit: string): string | null {
  if (git('rev-parse', '--verify', '--quiet', `${commit}^{commit}`) === null) {
    throw new Error(`There is no commit ${commit}.`);
  }
  return git('show', `${commit}:schema.graphql`);
}

function git(...words: readonly string[]): string | null {
  try {
    return execFileSync('git', words, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  } catch (error) {
    // Without git itself nothing was checked, and that must not look like success.
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') throw error;
    return null;
  }
}
