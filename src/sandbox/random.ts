export interface Random {
  /** From 0 up to, not including, 1. */
  next(): number;
  /** From 0 up to, not including, the limit. */
  below(limit: number): number;
  chance(probability: number): boolean;
  pick<T>(items: readonly T[]): T;
  hex(digits: number): string;
  uuid(): string;
}

function mix(hash: number, value: number): number {
  let mixed = Math.imul(hash ^ value, 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

function hashOf(keys: readonly (number | string)[]): number {
  let hash = 0x9e3779b9;
  for (const key of keys) {
    if (typeof key === 'number') {
      hash = mix(mix(hash, key | 0), Math.floor(key / 0x100000000) | 0);
      continue;
    }
    for (let index = 0; index < key.length; index += 1) hash = mix(hash, key.charCodeAt(index));
    hash = mix(hash, key.length);
  }
  return hash;
}

/** The same keys always give the same sequence, on every machine. */
export function createRandom(...keys: readonly (number | string)[]): Random {
  let state = hashOf(keys);
  const next32 = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let value = Math.imul(state ^ (state >>> 15), state | 1);
    value ^= value + Math.imul(value ^ (value >>> 7), value | 61);
    return (value ^ (value >>> 14)) >>> 0;
  };
  const next = (): number => next32() / 0x100000000;
  const below = (limit: number): number => Math.floor(next() * limit);
  const hex = (digits: number): string => {
    let text = '';
    while (text.length < digits) text += next32().toString(16).padStart(8, '0');
    return text.slice(0, digits);
  };
  return {
    next,
    below,
    hex,
    chance: (probability) => next() < probability,
    pick: <T>(items: readonly T[]): T => {
      const item = items[below(items.length)];
      if (item === undefined) throw new Error('There is nothing to pick from.');
      return item;
    },
    uuid: () => {
      const digits = hex(32);
      const variant = ((Number.parseInt(digits.slice(16, 17), 16) & 3) | 8).toString(16);
      return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4${digits.slice(13, 16)}-${variant}${digits.slice(17, 20)}-${digits.slice(20)}`;
    },
  };
}

export function shuffled<T>(items: readonly T[], random: Random): readonly T[] {
  const result = [...items];
  for (let last = result.length - 1; last > 0; last -= 1) {
    const other = random.below(last + 1);
    const [a, b] = [result[last], result[other]];
    if (a === undefined || b === undefined) continue;
    result[last] = b;
    result[other] = a;
  }
  return result;
}
