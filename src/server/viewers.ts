/** Who sends a request. */
export interface Viewer {
  /** Null for an anonymous caller. */
  readonly id: string | null;
  /** When what proves it is no longer accepted, in milliseconds since 1970; null when that is not known. */
  readonly until: number | null;
}

/** The viewer of each request that has been authenticated. */
export interface Viewers {
  remember(request: Request, viewer: Viewer): void;
  of(request: Request): Viewer;
  /** Null when the request was refused before it was known who sends it. */
  find(request: Request): Viewer | null;
}

export function createViewers(): Viewers {
  const viewers = new WeakMap<Request, Viewer>();
  return {
    remember(request, viewer) {
      viewers.set(request, viewer);
    },
    of(request) {
      const viewer = viewers.get(request);
      if (viewer === undefined) throw new Error('A request was answered without authentication.');
      return viewer;
    },
    find: (request) => viewers.get(request) ?? null,
  };
}
