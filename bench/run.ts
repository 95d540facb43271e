import { execFileSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { ours } from './candidates/ours.ts';
import { repository } from './paths.ts';
import { firstPage } from './query.ts';
import { aim, measure, startStage } from './stage.ts';
import { ordinaryWorld } from './world.ts';

const { values: flags } = parseArgs({
  options: {
    seconds: { type: 'string', default: '10' },
    node: { type: 'string', default: '' },
  },
});
const milliseconds = Number(flags.seconds) * 1000;
const nodeOptions = flags.node.split(' ').filter((option) => option !== '');

execFileSync('npm', ['run', '--silent', 'build'], { cwd: repository, stdio: 'inherit' });
execFileSync('npx', ['tsc', '--project', 'bench'], { cwd: repository, stdio: 'inherit' });

const stage = await startStage(ordinaryWorld, nodeOptions);
try {
  const running = await stage.start(ours('ours', {}));
  const body = JSON.stringify({ query: firstPage });
  const headers = { 'content-type': 'application/json' };
  const expected = await (await fetch(running.url, { method: 'POST', headers, body })).text();
  await aim(stage, running, 32, [{ headers: {}, body, expected }]);
  for (let warm = 0; warm < 3; warm += 1) {
    const { perSecond } = await measure(stage, running, 3000, 'times');
    console.log(`warm-up: ${perSecond.toFixed(1)} answers a second`);
  }
  console.log(await measure(stage, running, milliseconds, 'times'));
  console.log(await measure(stage, running, milliseconds, 'allocations'));
} finally {
  await stage.stop();
}
