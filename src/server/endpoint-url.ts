import type { ServerConfig } from '../config/config.ts';

export function toEndpointUrl({ host, path }: Pick<ServerConfig, 'host' | 'path'>, port: number): string {
  // Browsers cannot open the address that means all of them.
  const name = host === '0.0.0.0' || host === '::' ? 'localhost' : host;
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}${path}`;
}
