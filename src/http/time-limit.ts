import { whenAborted } from './when-aborted.ts';

export interface TimeLimit {
  /** Aborted, with an Error as its reason, when the time is over or the parent is aborted. */
  readonly signal: AbortSignal;
  /** Aborts the signal before its time. */
  end(reason: Error): void;
  /** Must be called when nothing waits any more. Clears the timer and the listener on the parent. */
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
  const unfollow = parent === null ? null : whenAborted(parent, follow);
  // A longer delay would make setTimeout fire at once.
  const timer =
    ms > longestTimer ? null : setTimeout(() => controller.abort(settings.onTimeOver()), Math.max(0, ms)).unref();
  return {
    signal: controller.signal,
    end: (reason) => controller.abort(reason),
    release() {
      unfollow?.();
      if (timer !== null) clearTimeout(timer);
    },
  };
}
