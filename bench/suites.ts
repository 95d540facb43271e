import { setTimeout } from 'node:timers/promises';
import { type Answer, askOnce, mustAgree, walk } from './answers.ts';
import {
  apollo,
  bareYoga,
  type Candidate,
  handWritten,
  hive,
  naiveYoga,
  oursCold,
  oursCopied,
  oursDefault,
  oursForViewers,
  viewerHeaders,
} from './candidates.ts';
import { type Asked, firstPage, toBody } from './query.ts';
import { type Figures, measureRounds, type Paces } from './rounds.ts';
import { type Running, startStage } from './stage.ts';
import type { Clients } from './window.ts';
import { largeWorld, manyAgents, manySources, oneSource, ordinaryWorld, type World } from './world.ts';

export interface Suite {
  readonly name: string;
  readonly title: string;
  /** What is asked, of how much, by how many. */
  readonly setting: string;
  /** The first one is what the others are compared with. */
  readonly candidates: readonly Candidate[];
  /** How many each candidate has, asked by turns too: two equal ones may differ by a quarter. One unless told. */
  readonly processes?: number;
  readonly pace: keyof Paces;
  readonly world: World;
  readonly delayMillis: number;
  /** Asks each candidate before anything is timed; answers what its clients will ask. */
  readonly prepare: (running: readonly Running[]) => Promise<readonly Clients[]>;
}

const two = [handWritten, oursCold, oursDefault] as const;

export const suites: readonly Suite[] = [
  {
    name: 'first-page',
    title: 'First page',
    setting: '20 sessions with their agents, of four sources that answer at once; 32 clients.',
    candidates: [handWritten, naiveYoga, apollo, hive, oursCold, oursDefault],
    pace: 'main',
    world: ordinaryWorld,
    delayMillis: 0,
    prepare: pages(firstPage, { compared: 10, connections: 32 }),
  },
  {
    name: 'deep-page',
    title: 'Deep page',
    setting: 'The 20 sessions after the first 10,000, by the cursor that the candidate itself gave; 32 clients.',
    candidates: two,
    pace: 'other',
    world: largeWorld,
    delayMillis: 0,
    async prepare(running) {
      const walked: (readonly Answer[])[] = [];
      for (const each of running) walked.push(await walk(each, { ...firstPage, first: 100 }, 100));
      agree(running, walked);
      const asked = walked.map((answers) => ({ ...firstPage, after: answers.at(-1)?.endCursor ?? null }));
      return sameAnswer(running, asked, 32);
    },
  },
  {
    name: 'filter',
    title: 'A filter that no platform has',
    setting: 'The first 20 running sessions: every platform is read until there are enough; 32 clients.',
    candidates: two,
    pace: 'other',
    world: ordinaryWorld,
    delayMillis: 0,
    prepare: pages({ ...firstPage, statuses: ['RUNNING'] }, { compared: 3, connections: 32 }),
  },
  {
    name: 'latency',
    title: 'Platforms that take 50 ms',
    setting: 'The first page, where every platform waits 50 ms before each answer; 1 client.',
    candidates: [handWritten, naiveYoga, apollo, hive, oursCold, oursDefault],
    pace: 'other',
    world: ordinaryWorld,
    delayMillis: 50,
    prepare: pages(firstPage, { compared: 1, connections: 1 }),
  },
  {
    name: 'viewers',
    title: '1,000 viewers',
    setting:
      'The first page for 1,000 viewers by turns, who are all shown the same; AgentScope is asked on behalf of each; 32 clients.',
    candidates: [handWritten, oursForViewers],
    pace: 'other',
    world: ordinaryWorld,
    delayMillis: 0,
    prepare: askedByViewers,
  },
  {
    name: 'one-source',
    title: 'One source',
    setting: 'The first page of one Everruns source; 32 clients.',
    candidates: two,
    pace: 'other',
    world: oneSource,
    delayMillis: 0,
    prepare: pages(firstPage, { compared: 10, connections: 32 }),
  },
  {
    name: 'many-sources',
    title: '100 sources',
    setting: 'The first page of 25 sources of each platform; 1 client.',
    candidates: two,
    pace: 'other',
    world: manySources,
    delayMillis: 0,
    prepare: pages(firstPage, { compared: 3, connections: 1 }),
  },
  {
    name: 'many-agents',
    title: '500 agents in one source',
    setting: 'The first page of one Foundry source, which has a list of its own for each of 500 agents; 1 client.',
    candidates: two,
    pace: 'other',
    world: manyAgents,
    delayMillis: 0,
    prepare: pages(firstPage, { compared: 3, connections: 1 }),
  },
  {
    name: 'catalog',
    title: 'The first page beside the catalog',
    setting:
      'The first page, with nothing copied and with every source copied and followed, four processes of each, which follow also while others are asked; 32 clients.',
    candidates: [oursDefault, oursCopied],
    processes: 4,
    pace: 'main',
    world: ordinaryWorld,
    delayMillis: 0,
    async prepare(running) {
      for (const each of running) if (each.candidate === oursCopied) await copied(each);
      return pages(firstPage, { compared: 10, connections: 32 })(running);
    },
  },
  {
    name: 'nothing',
    title: 'A query that asks no platform',
    setting: '`{ __typename }`: what remains of a query when it needs nothing; 32 clients.',
    candidates: [bareYoga, oursDefault],
    pace: 'other',
    world: ordinaryWorld,
    delayMillis: 0,
    async prepare(running) {
      const request = { headers: {}, body: '{"query":"{ __typename }"}', expected: '{"data":{"__typename":"Query"}}' };
      return running.map(() => ({ connections: 32, requests: [request] }));
    },
  },
];

export async function runSuite(
  suite: Suite,
  paces: Paces,
  nodeOptions: readonly string[],
): Promise<readonly Figures[]> {
  await using stage = await startStage(suite.world, nodeOptions);
  const running: Running[] = [];
  for (let started = 0; started < (suite.processes ?? 1); started += 1) {
    for (const candidate of suite.candidates) running.push(await stage.start(candidate));
  }
  const clients = await suite.prepare(running);
  await stage.emulator.ask('setDelay', suite.delayMillis);
  const contenders = running.flatMap((each, index) => {
    const own = clients[index];
    return own === undefined ? [] : [{ running: each, clients: own }];
  });
  return await measureRounds(stage, contenders, paces[suite.pace]);
}

/** Until every source is in the catalog: what is timed is following, not filling. */
async function copied({ url }: Running): Promise<void> {
  const body = JSON.stringify({ query: '{ catalog { freshness { status } } }' });
  for (;;) {
    const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    const { data } = (await response.json()) as CatalogStatus;
    if (data.catalog.freshness.every(({ status }) => status === 'CURRENT')) return;
    await setTimeout(500);
  }
}

interface CatalogStatus {
  readonly data: { readonly catalog: { readonly freshness: readonly { readonly status: string }[] } };
}

function pages(asked: Asked, { compared, connections }: { readonly compared: number; readonly connections: number }) {
  return async (running: readonly Running[]): Promise<readonly Clients[]> => {
    // The first answer of a cold process may lack what came too late for its time limits.
    for (const each of running) await askOnce(each, asked);
    const walked: (readonly Answer[])[] = [];
    for (const each of running) walked.push(await walk(each, asked, compared));
    agree(running, walked);
    const same = running.map(() => asked);
    return sameAnswer(running, same, connections);
  };
}

async function sameAnswer(
  running: readonly Running[],
  asked: readonly Asked[],
  connections: number,
): Promise<readonly Clients[]> {
  const answers: Answer[] = [];
  for (const [index, each] of running.entries()) answers.push(await askOnce(each, asked[index] ?? firstPage));
  agree(
    running,
    answers.map((answer) => [answer]),
  );
  return running.map(({ candidate }, index) => {
    const body = toBody(candidate, asked[index] ?? firstPage);
    return { connections, requests: [{ headers: {}, body, expected: answers[index]?.text ?? null }] };
  });
}

async function askedByViewers(running: readonly Running[]): Promise<readonly Clients[]> {
  const headers = (viewer: number) => ({ ...viewerHeaders, 'x-viewer': `viewer-${viewer}` });
  const answers = await Promise.all(running.map((each) => askOnce(each, firstPage, headers(0))));
  agree(
    running,
    answers.map((answer) => [answer]),
  );
  return running.map(({ candidate }, index) => ({
    connections: 32,
    requests: Array.from({ length: 1000 }, (_, viewer) => ({
      headers: headers(viewer),
      body: toBody(candidate, firstPage),
      expected: answers[index]?.text ?? null,
    })),
  }));
}

function agree(running: readonly Running[], answers: readonly (readonly Answer[])[]): void {
  const [first, ...others] = running.map(({ candidate }, index) => [candidate.name, answers[index] ?? []] as const);
  if (first === undefined) throw new Error('There is nothing to compare.');
  if (first[1].every(({ nodes }) => nodes.length === 0)) throw new Error('The answers are empty.');
  for (const other of others) mustAgree(first, other);
}
