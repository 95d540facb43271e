import { createServer } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { type PlatformOptions, type RunningPlatform, startPlatform } from '../sandbox-controls/platform.ts';
import { listen, run, withFile } from './process.ts';

async function start(options: PlatformOptions): Promise<RunningPlatform> {
  const platform = await startPlatform({ sessions: 5, ...options });
  onTestFinished(() => platform.close());
  return platform;
}

/** Printed as they come; here in the order of the ids. */
const results = [
  '  agentscope  reachable',
  '  agno        reachable',
  '  broken      fails: GET /api/v1/sessions?offset&limit answers 500',
  '  elsewhere   does not look like Everruns: GET /api/v2/v1/sessions?offset&limit answers 404',
  '  everruns    reachable',
  '  forwarded   not tested: it needs the credential of the caller',
  '  foundry     reachable',
  '  gone        does not answer: GET /sessions?type&sort_by&sort_order&limit&page',
  '  guarded     refuses the credential: GET /api/v1/sessions?offset&limit answers 401',
  '  html        does not look like Everruns: GET /api/v1/sessions?offset&limit answers something else',
  '  mine        not tested: it is read as the viewer of each request',
  '  silent      does not answer: GET /sessions?type&sort_by&sort_order&limit&page',
];

test('tries every source once at its start, and prints what became of it without waiting for it', async () => {
  const foundry = await start({ platform: 'foundry' });
  const everruns = await start({ platform: 'everruns' });
  const agentscope = await start({ platform: 'agentscope' });
  const agno = await start({ platform: 'agno' });
  const guarded = await start({ platform: 'everruns', credential: 'Bearer right' });
  const broken = await start({ platform: 'everruns' });
  broken.fail({ kind: 'status', status: 500 });
  const html = await start({ platform: 'everruns' });
  html.fail({ kind: 'html' });
  const silent = createServer(() => undefined);
  const silentPort = await listen(silent);
  const config = `
server:
  port: 0
  log: { level: silent }
  limits: { http: { retries: 0 } }
  auth: { mode: header, header: x-viewer, secretHeader: x-proxy-secret, secret: "a shared secret of more than thirty-two characters" }
sources:
  - { id: foundry, provider: foundry, url: "${foundry.url}" }
  - { id: everruns, provider: everruns, url: "${everruns.url}" }
  - { id: agentscope, provider: agentscope, url: "${agentscope.url}", user: { constant: alice } }
  - { id: agno, provider: agno, url: "${agno.url}" }
  - { id: guarded, provider: everruns, url: "${guarded.url}", auth: { bearer: wrong } }
  - { id: broken, provider: everruns, url: "${broken.url}" }
  - { id: html, provider: everruns, url: "${html.url}" }
  - { id: elsewhere, provider: everruns, url: "${everruns.url}/v2" }
  - { id: silent, provider: agno, url: "http://127.0.0.1:${silentPort}", limits: { attemptTimeoutMs: 500 } }
  - { id: gone, provider: agno, url: "http://127.0.0.1:9" }
  - { id: forwarded, provider: agno, url: "${agno.url}", auth: { forward: authorization } }
  - { id: mine, provider: agno, url: "${agno.url}", user: viewer }
`;
  await withFile(config, async (path) => {
    const { child, printed, ended } = run(['--config', path]);
    const greeting = await printed('Press Ctrl-C to stop.');
    expect(greeting).not.toContain('silent      does not answer');
    for (const result of results) await printed(`${result}\n`);
    const out = await printed('reachable');
    expect(out.split('Press Ctrl-C to stop.\n')[1]?.trimEnd().split('\n').toSorted()).toEqual(results);
    child.kill('SIGTERM');
    expect((await ended).code).toBe(0);
  });
  expect(
    [foundry, everruns, agentscope, agno].map(({ requests }) => requests.map(({ url }) => url).toSorted()),
  ).toEqual([
    ['/api/projects/contoso-agents/agents?api-version=v1&kind=hosted&order=desc&limit=1'],
    ['/api/v1/sessions?offset=0&limit=1', '/api/v2/v1/sessions?offset=0&limit=1'],
    ['/agent/'],
    ['/sessions?type=agent&sort_by=created_at&sort_order=desc&limit=1&page=1'],
  ]);
});
