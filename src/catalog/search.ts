import type { CatalogEntry } from './entry.ts';

/** As the filters of lists do it. */
export function toLower(text: string): string {
  return text.toLocaleLowerCase('en');
}

/** The words of a search, each once. White space parts them. */
export function toWords(search: string | null): readonly string[] {
  return [...new Set(toLower(search ?? '').split(/\s+/u))].filter((word) => word !== '');
}

export type MatchedField = 'TITLE' | 'PREVIEW' | 'NATIVE_ID' | 'USER' | 'TAG';

/** What is searched, by field. */
function textsOf({ title, preview, nativeId, userId, tags }: CatalogEntry): readonly [MatchedField, string | null][] {
  return [
    ['TITLE', title],
    ['PREVIEW', preview],
    ['NATIVE_ID', nativeId],
    ['USER', userId],
    ...tags.map((tag): [MatchedField, string] => ['TAG', tag]),
  ];
}

/** All of what is searched. No word has a line break, so none is found across two fields. */
export function searchTextOf(entry: CatalogEntry): string {
  return textsOf(entry)
    .flatMap(([, text]) => (text === null ? [] : [toLower(text)]))
    .join('\n');
}

/** The fields in which a word was found. */
export function matchedFields(entry: CatalogEntry, words: readonly string[]): readonly MatchedField[] {
  const matched = textsOf(entry).filter(([, text]) => {
    const lower = toLower(text ?? '');
    return words.some((word) => lower.includes(word));
  });
  return [...new Set(matched.map(([field]) => field))];
}
