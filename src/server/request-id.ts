import { randomUUID } from 'node:crypto';

const known = new WeakMap<Request, string>();

/** The caller's own id of the request when it is one that can be logged and sent on as it is, else one made up here. */
export function requestIdOf(request: Request): string {
  const id = known.get(request) ?? acceptable(request.headers.get('x-request-id')) ?? randomUUID();
  known.set(request, id);
  return id;
}

function acceptable(id: string | null): string | null {
  return id !== null && /^[A-Za-z0-9._-]{1,64}$/.test(id) ? id : null;
}
