import { UpstreamError } from '../domain/errors.ts';

/** What went wrong with a platform, for people. Anything else is a mistake of this server, and goes on as one. */
export function toProblem(error: unknown): string {
  if (error instanceof UpstreamError) return error.message;
  throw error;
}
