/** JSON texts whose whole numbers may be beyond what JavaScript keeps: few have one. A match inside a string is harmless. */
export function mayHoldBigNumbers(text: string): boolean {
  return /[\s:,[-]\d{16}/.test(text);
}

/** The tokens of JSON that may hold digits, texts first: what is in them is left alone. */
const tokens = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/gs;

/** The same JSON, with whole numbers that JavaScript would round as texts of their digits. */
export function withBigNumbersAsTexts(text: string): string {
  return text.replaceAll(tokens, (token) => (isBigNumber(token) ? `"${token}"` : token));
}

function isBigNumber(token: string): boolean {
  return /^-?\d{16,}$/.test(token) && !Number.isSafeInteger(Number(token));
}
