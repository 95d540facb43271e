/** What is wrong with a configuration, and where. */
export interface Problem {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** `sources[1].auth.bearer` */
export function toPathText(path: Problem['path']): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    return text === '' ? part : `${text}.${part}`;
  }, '');
}

/** The first problem of each place: further ones may only follow from it. */
export function firstOfEachPlace(problems: readonly Problem[]): readonly Problem[] {
  const seen = new Set<string>();
  return problems.filter(({ path }) => {
    const place = toPathText(path);
    const isFirst = !seen.has(place);
    seen.add(place);
    return isFirst;
  });
}
