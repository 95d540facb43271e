import type { CatalogStoreError } from '../catalog-store-error.ts';
import type { Health } from './health.ts';
import type { Link, OpenLink } from './link.ts';
import { createStoreError, toStoreError } from './to-store-error.ts';

/** Links for reading, opened as they are needed and kept for the next. */
export interface Pool {
  use<Result>(work: (link: Link) => Promise<Result>): Promise<Result>;
  close(): void;
}

const maxLinks = 4;
/** Nobody waits longer for a link. */
const patienceMs = 5_000;
/** After a link could not be opened nobody is made to wait for the next for so long. */
const restMs = 1_000;

export function createPool(openLink: OpenLink, health: Health): Pool {
  const links = new Set<Link>();
  const idle: Link[] = [];
  const waiting: ((link: Link | null) => void)[] = [];
  const proven = new WeakSet<Link>();
  let rest: { readonly until: number; readonly error: Error } | null = null;
  let isClosed = false;

  function open(): Link {
    const link = openLink();
    links.add(link);
    link.lost.addEventListener('abort', () => {
      links.delete(link);
      if (waiting.length > 0 && !isClosed) waiting.shift()?.(open());
    });
    return link;
  }

  function acquire(): Link | Promise<Link> {
    if (isClosed) throw createStoreError('CONNECTION_ENDED');
    for (let link = idle.pop(); link !== undefined; link = idle.pop()) if (!link.lost.aborted) return link;
    if (rest !== null && performance.now() < rest.until) throw rest.error;
    if (links.size < maxLinks) return open();
    return new Promise((resolve, reject) => {
      const give = (link: Link | null) => {
        clearTimeout(timer);
        if (link === null) reject(createStoreError('CONNECTION_ENDED'));
        else resolve(link);
      };
      const timer = setTimeout(() => {
        waiting.splice(waiting.indexOf(give), 1);
        reject(createStoreError('TIMEOUT'));
      }, patienceMs);
      waiting.push(give);
    });
  }

  function giveBack(link: Link): void {
    if (link.lost.aborted) return;
    const next = waiting.shift();
    if (next === undefined) idle.push(link);
    else next(link);
  }

  function fail(link: Link, error: CatalogStoreError): void {
    health.fail('reading', error);
    if (!proven.has(link)) rest = { until: performance.now() + restMs, error };
  }

  return {
    async use(work) {
      const link = await acquire();
      try {
        const result = await work(link);
        proven.add(link);
        health.succeed('reading');
        return result;
      } catch (error) {
        if (link.lost.aborted && !isClosed) fail(link, toStoreError(error));
        throw error;
      } finally {
        giveBack(link);
      }
    },
    close() {
      isClosed = true;
      for (const give of waiting.splice(0)) give(null);
      for (const link of links) link.close();
    },
  };
}
