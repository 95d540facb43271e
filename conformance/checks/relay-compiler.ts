import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Check, must, mustEqual } from '../check.ts';

const folder = fileURLToPath(new URL('..', import.meta.url));
const artifacts = new URL('../.cache/relay/', import.meta.url);
const run = promisify(execFile);

export function relayCompilerChecks(): readonly Check[] {
  return [
    {
      name: 'The fragments of a client compile: `@connection`, `@refetchable`, `@argumentDefinitions`, on interfaces too',
      tools: ['relay-compiler'],
      async run() {
        await compileClient();
        const compiled = readdirSync(artifacts).filter((file) => file.endsWith('.graphql.ts'));
        must(compiled.length >= 12, `Only ${compiled.length} artifacts were written.`);
        await mustRefuseAnUnknownField();
        return `${compiled.length} artifacts`;
      },
    },
    {
      name: 'The persisted queries of a client are trusted documents, with the ids that the client sends',
      tools: ['relay-compiler'],
      async run() {
        const persisted = await persistClient();
        const program = fileURLToPath(new URL('../../src/trusted-documents.ts', import.meta.url));
        const { stdout } = await run(process.execPath, ['--import', 'tsx', program, persisted, '--out', '-'], {
          cwd: folder,
        });
        const documents = JSON.parse(readFileSync(persisted, 'utf8')) as object;
        mustEqual(JSON.parse(stdout), documents, 'the manifest');
        must(Object.keys(documents).length >= 4, 'Too few queries were persisted.');
        return `${Object.keys(documents).length} documents`;
      },
    },
  ];
}

/** The file in which the compiler puts the queries of `relay-client/`. */
async function persistClient(): Promise<string> {
  const file = './.cache/persisted.json';
  const path = fileURLToPath(new URL('../.cache/persisted.json', import.meta.url));
  const written = new URL('../.cache/relay-persisted/', import.meta.url);
  // The compiler persists only the queries whose artifacts it writes anew.
  rmSync(written, { recursive: true, force: true });
  mkdirSync(written, { recursive: true });
  writeFileSync(path, '{}');
  const config = JSON.parse(readFileSync(new URL('../relay.config.json', import.meta.url), 'utf8')) as object;
  const persisting = {
    ...config,
    artifactDirectory: './.cache/relay-persisted',
    persistConfig: { file, algorithm: 'SHA256' },
  };
  writeFileSync(new URL('../.cache/relay.persisted.json', import.meta.url), JSON.stringify(persisting));
  await compile('.cache/relay.persisted.json');
  return path;
}

/** Compiles `relay-client/` against schema.graphql as it is. */
async function compileClient(): Promise<void> {
  rmSync(artifacts, { recursive: true, force: true });
  mkdirSync(artifacts, { recursive: true });
  await compile('relay.config.json');
}

async function mustRefuseAnUnknownField(): Promise<void> {
  const schema = readFileSync(new URL('../../schema.graphql', import.meta.url), 'utf8');
  const config = JSON.parse(readFileSync(new URL('../relay.config.json', import.meta.url), 'utf8')) as object;
  writeFileSync(
    new URL('../.cache/without-title.graphql', import.meta.url),
    schema.replaceAll(/^ {2}title: .*$/gm, ''),
  );
  const broken = { ...config, schema: './.cache/without-title.graphql' };
  writeFileSync(new URL('../.cache/relay.broken.json', import.meta.url), JSON.stringify(broken));
  const refusal = await compile('.cache/relay.broken.json', ['--validate']).then(
    () => null,
    (error: unknown) => String(error),
  );
  must(
    refusal?.includes('title') === true,
    `A schema without titles was accepted, or refused for another reason: ${refusal}`,
  );
}

/** The compiler is a program of its own; this is the script that finds it. */
async function compile(config: string, options: readonly string[] = []): Promise<void> {
  const script = fileURLToPath(new URL('../node_modules/relay-compiler/cli.js', import.meta.url));
  await run(process.execPath, [script, config, ...options], { cwd: folder });
}
