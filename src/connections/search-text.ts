/** The text to search for; null when it is blank, which filters nothing. */
export function toSearchText(search: string | null | undefined): string | null {
  const text = search?.trim() ?? '';
  return text === '' ? null : text;
}
