export interface TimeLimit {
  /** Aborted, with an Error as its reason, when the time is over or the parent is aborted. */
  readonly signal: AbortSignal;
  /** Must be called when nothing waits any more: the timer and the listener on the parent go away. */
  release(): void;
}

export interface TimeLimitSettings {
  readonly ms: number;
  readonly parent: AbortSignal | null;
  readonly onTimeOver: () => Error;
  readonly onParentAborted: (reason: unknown) => Error;
}

const longestTimer = 2 ** 31 - 1;

export function createTimeLimit(settings: TimeLimitSettings): TimeLimit {
  const { parent, ms } = settings;
  const controller = new AbortController();
  const follow = () => controller.abort(settings.onParentAborted(parent?.reason));
  if (parent?.aborted) follow();
  parent?.addEventListener('abort', follow, { once: true });
  // A longer delay would make setTimeout fire at once.
  const timer =
    ms > longestTimer ? null : setTimeout(() => controller.abort(settings.onTimeOver()), Math.max(0, ms)).unref();
  return {
    signal: controller.signal,
    release() {
      parent?.removeEventListener('abort', follow);
      if (timer !== null) clearTimeout(timer);
    },
  };
}
