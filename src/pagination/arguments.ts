import { RequestError } from '../domain/errors.ts';

export interface PageArguments {
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
  readonly last?: number | null | undefined;
  readonly before?: string | null | undefined;
}

export interface PageRequest {
  /** From the beginning on, or from the end back. */
  readonly walk: 'forward' | 'backward';
  readonly size: number;
  readonly after: string | null;
  readonly before: string | null;
}

export const defaultPageSize = 20;
export const maxPageSize = 100;

export function toPageRequest({ first, after, last, before }: PageArguments): PageRequest {
  if (isGiven(first) && isGiven(last)) {
    throw new RequestError('BAD_USER_INPUT', 'Give either `first` or `last`, not both.');
  }
  const [name, size] = isGiven(last) ? ['last', last] : ['first', first ?? defaultPageSize];
  if (size < 0 || size > maxPageSize) {
    throw new RequestError('BAD_USER_INPUT', `\`${name}\` must be from 0 to ${maxPageSize}, but is ${size}.`);
  }
  return {
    walk: isGiven(last) ? 'backward' : 'forward',
    size,
    after: after ?? null,
    before: before ?? null,
  };
}

function isGiven<Value>(value: Value | null | undefined): value is Value {
  return value !== null && value !== undefined;
}
