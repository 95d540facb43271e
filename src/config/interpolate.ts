import type { Problem } from './problem.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface Interpolated {
  readonly value: unknown;
  readonly problems: readonly Problem[];
}

/** Replaces `${NAME}` in every string by the environment variable; `$${` stands for `${`. Keys without a value are left out. */
export function interpolate(value: unknown, environment: Environment, path: Problem['path'] = []): Interpolated {
  if (typeof value === 'string') return interpolateText(value, environment, path);
  if (Array.isArray(value)) {
    const parts = value.map((item, index) => interpolate(item, environment, [...path, index]));
    return { value: parts.map((part) => part.value), problems: parts.flatMap((part) => part.problems) };
  }
  if (typeof value !== 'object' || value === null) return { value, problems: [] };
  const entries = Object.entries(value)
    .filter(([, item]) => item !== null)
    .map(([key, item]) => ({ key, ...interpolate(item, environment, [...path, key]) }));
  return {
    value: Object.fromEntries(entries.map((entry) => [entry.key, entry.value])),
    problems: entries.flatMap((entry) => entry.problems),
  };
}

function interpolateText(text: string, environment: Environment, path: Problem['path']): Interpolated {
  const problems: Problem[] = [];
  const value = text.replaceAll(/\$\$\{|\$\{([^}]*)\}/g, (found, name: string | undefined) => {
    if (name === undefined) return '${';
    if (!/^[A-Za-z_]\w*$/.test(name)) {
      problems.push({
        path,
        message: `has "${found}", which is not the name of an environment variable; write $\${ for a literal \${`,
      });
      return found;
    }
    const replacement = environment[name];
    if (replacement === undefined)
      problems.push({ path, message: `needs the environment variable ${name}, which is not set` });
    return replacement ?? found;
  });
  return { value, problems };
}
