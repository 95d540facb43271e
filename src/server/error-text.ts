import { ConfigError } from '../config/config-error.ts';

/** What the process says of an error: to its author when the configuration is wrong, else to whoever repairs this program. */
export function toErrorText(error: unknown): string {
  if (error instanceof ConfigError) return error.lines.join('\n');
  return error instanceof Error ? (error.stack ?? error.message) : 'A value that is not an Error was thrown.';
}
