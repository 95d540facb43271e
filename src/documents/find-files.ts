import { readdirSync, readFileSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import { ConfigError } from '../config/config-error.ts';

export interface FoundFile {
  readonly path: string;
  readonly text: string;
  /** Whether it was named, or else found below a folder that was. */
  readonly isNamed: boolean;
}

const extensions = ['.graphql', '.gql', '.json'];

/** The files of these names, and those below these folders that may hold documents, always in the same order. */
export function findFiles(names: readonly string[]): readonly FoundFile[] {
  return names.flatMap((name) => {
    try {
      const isFolder = statSync(name).isDirectory();
      return isFolder ? filesBelow(name).map((path) => readFile(path, false)) : [readFile(name, true)];
    } catch (cause) {
      const code = cause instanceof Error && 'code' in cause ? cause.code : null;
      throw new ConfigError([`${name}  ${code === 'ENOENT' ? 'does not exist' : `cannot be read: ${code}`}`]);
    }
  });
}

function filesBelow(folder: string): readonly string[] {
  const entries = readdirSync(folder, { withFileTypes: true }).sort((left, right) => (left.name < right.name ? -1 : 1));
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === 'node_modules' || entry.name.startsWith('.') ? [] : filesBelow(path);
    return entry.isFile() && extensions.includes(extname(entry.name)) ? [path] : [];
  });
}

function readFile(path: string, isNamed: boolean): FoundFile {
  return { path, text: readFileSync(path, 'utf8'), isNamed };
}
