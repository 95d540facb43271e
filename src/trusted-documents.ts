#!/usr/bin/env node
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { ConfigError } from './config/config-error.ts';
import { readEnvironment } from './config/environment.ts';
import { loadQueryLimits } from './config/load-query-limits.ts';
import { buildManifest } from './documents/build-manifest.ts';
import { type DocumentsCommand, readDocumentsCommand, usage } from './documents/command-line.ts';
import { findFiles } from './documents/find-files.ts';
import { createSchema } from './schema/schema.ts';

type BuildCommand = Extract<DocumentsCommand, { readonly kind: 'build' }>;

/** Standard output is for the manifest alone. */
function say(...lines: readonly string[]): void {
  for (const line of lines) process.stderr.write(`${line}\n`);
}

function fail(...lines: readonly string[]): void {
  say(...lines);
  process.exitCode = 1;
}

function build({ names, out, configFile }: BuildCommand): void {
  const limits = loadQueryLimits(configFile, readEnvironment());
  // The manifest of an earlier run would bring back what has been deleted since.
  const files = findFiles(names).filter(({ path }) => out === null || resolve(path) !== resolve(out));
  const { documents, mistakes, passedOver } = buildManifest(files, createSchema(), limits);
  if (passedOver.length > 0) say(`No documents in ${passedOver.join(', ')}.`);
  if (mistakes.length > 0) {
    fail(...mistakes, `Nothing was written: ${count(mistakes.length, 'mistake')}.`);
    return;
  }
  if (documents.length === 0) {
    fail(`There are no documents in ${names.join(', ')}. Nothing was written.`);
    return;
  }

  const manifest = Object.fromEntries(documents.map(({ id, text }) => [id, text]));
  const text = `${JSON.stringify(manifest, null, 2)}\n`;
  if (out === null) process.stdout.write(text);
  else write(out, text);
  say(...documents.map(({ id, file, operation }) => `${id}  ${file}  ${operation ?? ''}`.trimEnd()));
  say(`${count(documents.length, 'document')} in ${out ?? 'the manifest'}.`);
}

function write(out: string, text: string): void {
  try {
    writeFileSync(out, text);
  } catch (cause) {
    throw new ConfigError([`${out}  cannot be written: ${codeOf(cause)}`]);
  }
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : null;
}

try {
  const command = readDocumentsCommand(process.argv.slice(2), readEnvironment());
  if (command.kind === 'help') process.stdout.write(usage);
  else if (command.kind === 'mistake') fail(`${command.message}\n`, usage);
  else build(command);
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  fail(...error.lines);
}
