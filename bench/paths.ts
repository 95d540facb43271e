import { fileURLToPath } from 'node:url';

export const repository = fileURLToPath(new URL('..', import.meta.url));

/** Where the files of this folder are, compiled: what is measured must not pay for a loader. */
export const compiled = fileURLToPath(new URL('./dist/bench/', import.meta.url));
