const waiting = new WeakMap<AbortSignal, Set<() => void>>();

/**
 * Calls back once the signal is aborted, unless the returned function was called before. All who wait for the signal of an
 * operation share one listener: Node takes more than ten for a leak, and an operation may wait for hundreds of requests.
 */
export function whenAborted(signal: AbortSignal, callback: () => void): () => void {
  const callbacks = waiting.get(signal) ?? new Set();
  waiting.set(signal, callbacks);
  if (callbacks.size === 0) signal.addEventListener('abort', callAll, { once: true });
  // One of its own for each call, so that two that pass the same function do not call each other off.
  const entry = () => callback();
  callbacks.add(entry);
  return () => {
    if (callbacks.delete(entry) && callbacks.size === 0) signal.removeEventListener('abort', callAll);
  };
}

function callAll(this: AbortSignal): void {
  for (const callback of waiting.get(this) ?? []) callback();
}
