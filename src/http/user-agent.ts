import { version } from './version.ts';

export const userAgent = `session-graph/${version}`;
