import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from './run-command.ts';

const folder = join(import.meta.dirname, 'azure');
const what = 'Microsoft’s client @azure/ai-projects';

/** Installs what its lock says into its own folder, so that the product's own installation stays light. */
export async function prepareAzureClient(): Promise<void> {
  const hash = createHash('sha256')
    .update(readFileSync(join(folder, 'package-lock.json')))
    .digest('hex');
  const mark = join(folder, 'node_modules', '.installed');
  if (existsSync(mark) && readFileSync(mark, 'utf8') === hash) return;
  await runCommand('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { what, folder });
  writeFileSync(mark, hash);
}

export function azureClientVersion(): string {
  const lock = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8')) as {
    readonly packages: Readonly<Record<string, { readonly version?: string }>>;
  };
  return lock.packages['node_modules/@azure/ai-projects']?.version ?? '';
}
