/** Gives back the same text for equal ones, so that it is kept once however many have it. */
export type ShareText = (text: string) => string;

/** Beyond that many it is cheaper to begin anew than to keep each of them for the few that share it. */
const maxTexts = 50_000;

export function createShareText(): ShareText {
  const texts = new Map<string, string>();
  return (text) => {
    const known = texts.get(text);
    if (known !== undefined) return known;
    if (texts.size >= maxTexts) texts.clear();
    texts.set(text, text);
    return text;
  };
}
