/** What this machine cannot have, in one sentence: no failure of the tests. */
export class UnavailableError extends Error {}
