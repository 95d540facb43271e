import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { readCopy, type Stage } from './dockerfile.ts';

export interface Built {
  /** What is `/` in the image. The base image is not in it: its commands are those of this machine. */
  readonly folder: string;
  readonly workdir: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly stage: Stage;
}

/** Carries out a Dockerfile's COPY, RUN, WORKDIR and ENV, each stage in a folder that is empty at first. Answers the last stage. */
export function buildStages(stages: readonly Stage[], context: string, folder: string): Built {
  const folders = new Map<string | null, string>([[null, context]]);
  let built: Built | null = null;
  for (const [index, stage] of stages.entries()) {
    const root = join(folder, `stage-${index}`);
    built = buildStage(stage, root, folders);
    folders.set(stage.name ?? '', root);
  }
  if (built === null) throw new Error('The Dockerfile has no stage.');
  return built;
}

function buildStage(stage: Stage, root: string, folders: ReadonlyMap<string | null, string>): Built {
  const environment: Record<string, string> = {};
  let workdir = '/';
  mkdirSync(root);
  for (const { word, text } of stage.instructions) {
    const here = join(root, workdir);
    switch (word) {
      case 'WORKDIR':
        workdir = resolve(workdir, text);
        mkdirSync(join(root, workdir), { recursive: true });
        break;
      case 'ENV': {
        const [, name = '', value = ''] = /^(\w+)=(\S+)$/.exec(text) ?? [];
        environment[name] = value;
        break;
      }
      case 'COPY':
        copy(text, here, folders);
        break;
      case 'RUN':
        execFileSync('sh', ['-c', text], {
          cwd: here,
          env: { ...machineEnvironment(), ...environment },
          stdio: ['ignore', 'ignore', 'inherit'],
        });
        break;
    }
  }
  return { folder: root, workdir, environment, stage };
}

/** Folders are copied by their content, as Docker does. */
function copy(text: string, here: string, folders: ReadonlyMap<string | null, string>): void {
  const { stage, mode, sources, target } = readCopy(text);
  const from = folders.get(stage);
  if (from === undefined) throw new Error(`There is no stage ${stage}.`);
  for (const source of sources) {
    const path = join(from, source);
    const isFolder = statSync(path).isDirectory();
    const to = isFolder || !target.endsWith('/') ? join(here, target) : join(here, target, basename(source));
    cpSync(path, to, { recursive: true, verbatimSymlinks: true });
    if (mode !== null) chmodSync(to, mode);
  }
}

/** Without what a surrounding npm or test run sets, and with its cache instead of the network where that suffices. */
export function machineEnvironment(): Record<string, string | undefined> {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(npm_|NODE_|INIT_CWD|SESSION_GRAPH_)/i.test(name),
  );
  const { NODE_EXTRA_CA_CERTS } = process.env;
  return { ...Object.fromEntries(inherited), NODE_EXTRA_CA_CERTS, npm_config_prefer_offline: 'true' };
}
