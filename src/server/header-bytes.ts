const utf8 = new TextDecoder('utf-8', { fatal: true });

/** The text of a header that was sent in UTF-8, which Node hands over as one character for each byte. Null when it is not. */
export function fromHeaderBytes(value: string): string | null {
  try {
    return utf8.decode(Buffer.from(value, 'latin1'));
  } catch {
    return null;
  }
}
