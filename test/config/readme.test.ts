import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SignJWT } from 'jose';
import { expect, onTestFinished, test } from 'vitest';
import type { InboundAuth } from '../../src/config/config.ts';
import { createApp } from '../../src/server/app.ts';
import { createLog } from '../../src/server/log.ts';
import { load } from './written.ts';

const root = join(import.meta.dirname, '..', '..');
const docs = readdirSync(join(root, 'docs')).filter((name) => name.endsWith('.md'));
const pages = ['README.md', 'CONTRIBUTING.md', ...docs.map((name) => join('docs', name))];

interface Shown {
  readonly page: string;
  readonly yaml: string;
}

const configurations = pages.flatMap((page): Shown[] => {
  const text = readFileSync(join(root, page), 'utf8');
  return [...text.matchAll(/^```ya?ml\n([\s\S]*?)^```$/gm)].map(([, yaml = '']) => ({ page, yaml }));
});

/** What a secret or a credential of that name could be. */
function environmentFor(yaml: string): Readonly<Record<string, string>> {
  const names = [...yaml.matchAll(/\$\{(\w+)\}/g)].map(([, name = '']) => name);
  return Object.fromEntries(names.map((name) => [name, `${name.toLowerCase()}-${'x'.repeat(32)}`]));
}

/** What an honest caller sends; null when it would have to be signed by somebody else. */
async function headersFor(auth: InboundAuth): Promise<Readonly<Record<string, string>> | null> {
  switch (auth.mode) {
    case 'none':
      return {};
    case 'header':
      return { [auth.header]: 'alice', [auth.secretHeader]: auth.secret };
    case 'jwt': {
      if (auth.secret === undefined) return null;
      const jwt = new SignJWT({})
        .setProtectedHeader({ alg: 'HS256' })
        .setIssuer(auth.issuer)
        .setAudience(auth.audience);
      const token = await jwt.setSubject('alice').setExpirationTime('1h').sign(new TextEncoder().encode(auth.secret));
      return { authorization: `Bearer ${token}` };
    }
  }
}

test('shows one configuration for each way to say who is asking', () => {
  const modes = configurations.map(({ page, yaml }) => [
    page,
    load({ yaml, environment: environmentFor(yaml) }).server.auth.mode,
  ]);
  expect(modes).toEqual([
    ['README.md', 'none'],
    ['docs/catalog.md', 'none'],
    ['docs/identity.md', 'jwt'],
    ['docs/identity.md', 'jwt'],
    ['docs/identity.md', 'header'],
    ['docs/settings.md', 'none'],
  ]);
});

test.each(configurations)('starts what $page shows: $yaml', async ({ yaml }) => {
  const config = load({ yaml, environment: environmentFor(yaml) });
  const app = createApp(config, { log: createLog({ level: 'silent', secrets: [] }) });
  onTestFinished(() => app.close());
  const statusFor = async (headers: Readonly<Record<string, string>>) => {
    const body = JSON.stringify({ query: '{ __typename }' });
    const init = { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body };
    const answer = await app.fetch(new Request(`http://localhost${config.server.path}`, init));
    return [answer.status, await answer.text()];
  };
  const headers = await headersFor(config.server.auth);
  if (headers !== null) expect(await statusFor(headers)).toEqual([200, '{"data":{"__typename":"Query"}}']);
  if (config.server.auth.mode !== 'none') expect((await statusFor({}))[0]).toBe(401);
});
