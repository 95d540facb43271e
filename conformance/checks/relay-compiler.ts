import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Check, must } from '../check.ts';

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
  ];
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
