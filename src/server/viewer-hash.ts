import { createHash } from 'node:crypto';

const length = 16;

/** Tells viewers apart in the log without naming them. The same in every process. */
export function viewerHash(viewerId: string): string {
  return createHash('sha256').update(`session-graph viewer ${viewerId}`).digest('hex').slice(0, length);
}
