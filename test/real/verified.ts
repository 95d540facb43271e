import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { azureClientVersion } from './azure-client.ts';
import type { Facts } from './real-server.ts';
import { releases } from './releases.ts';

const titles: Readonly<Record<string, string>> = { agno: 'Agno AgentOS', agentscope: 'AgentScope' };

/** The page that says what the product was seen working with, from what the servers said of themselves. */
export function toVerifiedPage(factsFolder: string): string {
  const rows = releases.map(({ name, platform, packageName, hasTwin }) => {
    const facts = JSON.parse(readFileSync(join(factsFolder, `${name}.json`), 'utf8')) as Facts;
    const times = platform === 'agentscope' ? ', times outside UTC' : '';
    const checks = `provider contract, merged walk${hasTwin ? ', comparison with the sandbox' : ''}${times}`;
    return [titles[platform], facts.packages[packageName], `${facts.storage}, Python ${facts.python}`, checks];
  });
  const azure = [
    'Azure AI Foundry',
    'sandbox',
    `@azure/ai-projects ${azureClientVersion()} over TLS`,
    "Microsoft's client and ours read the same",
  ];
  const table = [['platform', 'version', 'with', 'checked'], ['---', '---', '---', '---'], ...rows, azure];
  return [
    '# Platform versions verified',
    '',
    'Written by `npm run test:real` when all of it passed; not edited by hand.',
    '',
    ...table.map((cells) => `| ${cells.join(' | ')} |`),
    '',
  ].join('\n');
}
