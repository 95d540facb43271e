export type Encoding = 'br' | 'gzip' | 'identity';

/** The smallest encoding that an `accept-encoding` header allows. */
export function chooseEncoding(acceptEncoding: string | null): Encoding {
  const allowed = new Set(
    (acceptEncoding ?? '')
      .toLowerCase()
      .split(',')
      .map((part) => part.trim())
      .filter((part) => !/;\s*q=0(\.0*)?$/.test(part))
      .map((part) => part.replace(/\s*;.*/, '')),
  );
  if (allowed.has('br')) return 'br';
  return allowed.has('gzip') ? 'gzip' : 'identity';
}
