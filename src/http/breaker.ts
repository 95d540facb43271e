/**
 * Stops asking a platform that keeps failing. It counts failures in a row, not a ratio: one success proves that the platform
 * answers, and how much a half-broken one is asked is the retry budget's business.
 */
export interface Breaker {
  /** Whether a request would be refused now. */
  refuses(): boolean;
  /** A permit for one request, or null. Exactly one of its functions must be called, once. */
  enter(): Permit | null;
  /** Whether a caller lately waited in vain, and nothing was heard since. */
  hangs(): boolean;
  /** To be called when a caller has waited in vain since then. */
  noteHang(since: number): void;
}

export interface Permit {
  succeed(): void;
  fail(): void;
  /** A failure by not answering in time. */
  timeOut(): void;
  /** The request ended and says nothing about the platform. */
  abandon(): void;
}

export interface BreakerSettings {
  readonly breakerFailures: number;
  readonly breakerOpenMs: number;
  readonly now: () => number;
  readonly onOpen: () => void;
}

export function createBreaker(settings: BreakerSettings): Breaker {
  const { now } = settings;
  let failures = 0;
  let openedAt: number | null = null;
  let probing = false;
  let hungAt = Number.NEGATIVE_INFINITY;
  let answeredAt = Number.NEGATIVE_INFINITY;
  // Requests sent before the breaker opened say nothing about the platform after it.
  let era = 0;

  function open(): void {
    openedAt = now();
    failures = 0;
    era += 1;
    settings.onOpen();
  }

  function refuses(): boolean {
    return openedAt !== null && (probing || now() - openedAt < settings.breakerOpenMs);
  }

  function createProbe(): Permit {
    probing = true;
    return toPermit({
      succeed() {
        probing = false;
        openedAt = null;
      },
      fail() {
        probing = false;
        open();
      },
      abandon() {
        probing = false;
      },
    });
  }

  function createOrdinary(): Permit {
    const sentIn = era;
    return toPermit({
      succeed() {
        if (sentIn === era) failures = 0;
      },
      fail() {
        if (sentIn !== era) return;
        failures += 1;
        if (failures >= settings.breakerFailures) open();
      },
      abandon() {},
    });
  }

  /** Any answer, even a failure, shows that the platform does not hang. */
  function toPermit(permit: Omit<Permit, 'timeOut'>): Permit {
    return {
      succeed() {
        answeredAt = now();
        permit.succeed();
      },
      fail() {
        answeredAt = now();
        permit.fail();
      },
      timeOut: permit.fail,
      abandon: permit.abandon,
    };
  }

  return {
    refuses,
    // Not for ever: a source that nobody has asked for a while may be well again, and is then given its time.
    hangs: () => hungAt > answeredAt && now() - hungAt < settings.breakerOpenMs,
    noteHang(since) {
      if (answeredAt < since) hungAt = now();
    },
    enter() {
      if (refuses()) return null;
      return openedAt === null ? createOrdinary() : createProbe();
    },
  };
}
