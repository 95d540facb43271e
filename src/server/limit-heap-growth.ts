import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * On a large machine V8 lets the heap grow to four times what is in use before it collects. Answers of platforms are large and
 * short-lived, so nearly all of this process would be what is left of them.
 */
export function limitHeapGrowth(): void {
  setFlagsFromString('--heap-growing-percent=100');
  // Until V8 has collected for the first time it knows of no use and lets the heap grow far.
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  if (typeof collect === 'function') collect();
}
