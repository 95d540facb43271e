/** What `main.ts` has prepared for the tests: they cannot run without it. */
export interface Run {
  /** The Python of each release, by its name. */
  readonly pythons: Readonly<Record<string, string>>;
  /** PEM files of a certificate for 127.0.0.1. */
  readonly tls: { readonly key: string; readonly certificate: string };
  /** Where each server that was started leaves word of what it is. */
  readonly factsFolder: string;
}

export const runVariable = 'SESSION_GRAPH_REAL_RUN';

export function readRun(): Run {
  const text = process.env[runVariable];
  if (text === undefined) throw new Error('These tests are started by `npm run test:real`.');
  return JSON.parse(text) as Run;
}
