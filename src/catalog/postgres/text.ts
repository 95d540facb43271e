/**
 * Text as PostgreSQL can keep it: it has neither NUL nor halves of surrogate pairs, and orders by code points what JavaScript orders
 * by UTF-16 units. Each unit becomes characters of its own, so that two texts are equal, ordered and contained in each other in
 * PostgreSQL (COLLATE "C") exactly when they are in JavaScript.
 */
export function toStored(text: string): string {
  return text.replace(changing, (unit) => {
    if (unit === nul) return nulStored;
    if (unit === one) return oneStored;
    return String.fromCodePoint(unit.charCodeAt(0) + shift);
  });
}

export function fromStored(stored: string): string {
  return stored.replace(changed, (part) => {
    if (part === nulStored) return nul;
    if (part === oneStored) return one;
    return String.fromCharCode((part.codePointAt(0) ?? 0) - shift);
  });
}

/** Of an order that the code decides: JavaScript compares the units of surrogate pairs, which are less than U+E000. */
const shift = 0x100000;
const nul = '\u0000';
const one = '\u0001';
/** Their second characters are the image of no unit, and stand nowhere else. */
const nulStored = `${one}\u{100001}`;
const oneStored = `${one}\u{100002}`;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what PostgreSQL has not, and what stands for it.
const changing = /[\u0000\u0001\ud800-\uffff]/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: the same.
const changed = /\u0001[\u{100001}\u{100002}]|[\u{10d800}-\u{10ffff}]/gu;
