import { execFileSync } from 'node:child_process';
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { repository } from './paths.ts';
import { fullPace, quickPace } from './rounds.ts';
import { runSuite, suites } from './suites.ts';

const { values: flags } = parseArgs({
  options: {
    suite: { type: 'string' },
    only: { type: 'string' },
    quick: { type: 'boolean', default: false },
    node: { type: 'string', default: '' },
  },
});
const nodeOptions = flags.node.split(' ').filter((option) => option !== '');

execFileSync('npm', ['run', '--silent', 'build'], { cwd: repository, stdio: 'inherit' });
execFileSync('npx', ['tsc', '--project', 'bench'], { cwd: repository, stdio: 'inherit' });

for (const suite of suites.filter(({ name }) => flags.suite === undefined || name === flags.suite)) {
  console.log(suite.name, loadavg());
  console.table(await runSuite(suite, flags.quick ? quickPace : fullPace, nodeOptions));
}
