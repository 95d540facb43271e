import { createHangWatch, type HangWatch } from './hang-watch.ts';

/**
 * Stops asking a platform that keeps failing. It counts failures in a row, not a ratio: one success proves that the platform
 * answers, and how much a half-broken one is asked is the retry budget's business.
 */
export interface Breaker extends Pick<HangWatch, 'hangs' | 'noteHang'> {
  /** Whether a request would be refused now. */
  refuses(): boolean;
  /** A permit for one request, or null. Exactly one of its functions must be called, once. */
  enter(): Permit | null;
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
  const { noteAnswer, noteHang, hangs } = createHangWatch(settings.breakerOpenMs, now);
  let failures = 0;
  let openedAt: number | null = null;
  let probing = false;
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

  function toPermit(permit: Omit<Permit, 'timeOut'>): Permit {
    return {
      succeed() {
        noteAnswer();
        permit.succeed();
      },
      fail() {
        noteAnswer();
        permit.fail();
      },
      timeOut: permit.fail,
      abandon: permit.abandon,
    };
  }

  return {
    refuses,
    hangs,
    noteHang,
    enter() {
      if (refuses()) return null;
      return openedAt === null ? createOrdinary() : createProbe();
    },
  };
}
