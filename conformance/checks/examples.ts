import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Check, must } from '../check.ts';

const run = promisify(execFile);
const examples = new URL('../../examples/', import.meta.url);

export function exampleChecks(): readonly Check[] {
  return [
    { name: 'federation', tool: '@graphql-hive/gateway-runtime' },
    { name: 'stitching', tool: '@graphql-tools/stitch' },
  ].map(({ name, tool }) => ({
    name: `The command in examples/${name}/README.md answers what is printed there`,
    tools: [tool],
    async run() {
      const readme = readFileSync(new URL(`${name}/README.md`, examples), 'utf8');
      const { stdout } = await run('npm', ['run', '--silent', name, '--', '--once'], {
        cwd: fileURLToPath(examples),
        timeout: 120_000,
      });
      // The addresses differ from run to run; what follows them does not.
      const printed = stdout.slice(stdout.indexOf('\n\n') + 2).trim();
      const [query, answer, counts] = splitAnswer(printed);
      must(query.length > 100 && answer.length > 1000, 'The example printed too little.');
      for (const part of [query, answer, counts]) {
        must(readme.includes(part), `The README does not have this:\n${part}`);
      }
      return counts;
    },
  }));
}

function splitAnswer(printed: string): readonly [string, string, string] {
  const [query = '', answer = '', counts = ''] = printed.split('\n\n');
  return [query, answer, counts];
}
