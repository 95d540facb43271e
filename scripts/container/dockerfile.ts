import { z } from 'zod';

export interface Instruction {
  readonly word: string;
  readonly text: string;
}

export interface Stage {
  readonly name: string | null;
  readonly base: string;
  readonly instructions: readonly Instruction[];
}

export interface Copy {
  /** The stage whose files are copied; null for those of the project. */
  readonly stage: string | null;
  readonly mode: number | null;
  readonly sources: readonly string[];
  readonly target: string;
}

const known = ['WORKDIR', 'ENV', 'COPY', 'RUN', 'USER', 'EXPOSE', 'STOPSIGNAL', 'HEALTHCHECK', 'ENTRYPOINT', 'CMD'];

/** The part of the Dockerfile language that this project's Dockerfile uses. Anything else is an error. */
export function readDockerfile(text: string): readonly Stage[] {
  const values = new Map<string, string>();
  const stages: { name: string | null; base: string; instructions: Instruction[] }[] = [];
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    const [, word = '', rest = ''] = /^([A-Z]+) (.+)$/.exec(line) ?? [];
    const resolved = rest.replaceAll(/\$\{(\w+)\}/g, (_, name: string) => values.get(name) ?? '');
    const stage = stages.at(-1);
    if (word === 'FROM') {
      const [, base = '', name = null] = /^(\S+)(?: AS (\w+))?$/.exec(resolved) ?? [];
      stages.push({ name, base, instructions: [] });
    } else if (word === 'ARG' && stage === undefined) {
      const [name = '', value = ''] = resolved.split('=');
      values.set(name, value);
    } else if (known.includes(word) && stage !== undefined) {
      stage.instructions.push({ word, text: resolved });
    } else {
      throw new Error(`The Dockerfile has a line that is not understood: ${line}`);
    }
  }
  return stages;
}

export function textsOf(stage: Stage, word: string): readonly string[] {
  return stage.instructions.filter((instruction) => instruction.word === word).map(({ text }) => text);
}

export function lastText(stage: Stage, word: string): string {
  const text = textsOf(stage, word).at(-1);
  if (text === undefined) throw new Error(`The stage has no ${word}.`);
  return text;
}

const words = z.array(z.string()).nonempty();

/** Of an instruction in the exec form, in which no shell stands between a signal and the process. */
export function execForm(text: string): readonly string[] {
  return words.parse(JSON.parse(text));
}

export function readCopy(text: string): Copy {
  const parts = text.split(' ');
  const flag = (name: string) => parts.find((part) => part.startsWith(`--${name}=`))?.split('=')[1] ?? null;
  const mode = flag('chmod');
  const paths = parts.filter((part) => !part.startsWith('--'));
  return {
    stage: flag('from'),
    mode: mode === null ? null : Number.parseInt(mode, 8),
    sources: paths.slice(0, -1),
    target: paths.at(-1) ?? '',
  };
}

/** The names in the project that a build is sent, of a .dockerignore that leaves out all but what it lists. */
export function readSentNames(dockerignore: string): readonly string[] {
  const lines = dockerignore.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const [all, ...names] = lines;
  if (all !== '*' || names.some((name) => !/^!\w[\w.-]*$/.test(name))) {
    throw new Error('The .dockerignore is not a * and names that are kept.');
  }
  return names.map((name) => name.slice(1));
}
