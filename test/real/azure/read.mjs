/** Reads a Foundry project with Microsoft's own client and prints what it sees, as one line of JSON. */
import { AIProjectClient } from '@azure/ai-projects';

const [endpoint, token] = process.argv.slice(2);

function connect(bearer) {
  const credential = { getToken: async () => ({ token: bearer, expiresOnTimestamp: Date.now() + 3_600_000 }) };
  return new AIProjectClient(endpoint, credential).agents;
}

async function all(pages) {
  const items = [];
  for await (const item of pages) items.push(item);
  return items;
}

async function failure(promise) {
  try {
    await promise;
    return null;
  } catch (error) {
    return { status: error.statusCode ?? null, code: error.code ?? null };
  }
}

const agents = connect(token);
const hosted = await all(agents.list({ kind: 'hosted', limit: 2, order: 'asc' }));
const prompt = await all(agents.list({ kind: 'prompt' }));

async function readAgent({ name }) {
  const descending = await all(agents.listSessions(name, { limit: 7, order: 'desc' }));
  const third = descending[2]?.agent_session_id;
  const alone = [];
  for (const { agent_session_id: id } of descending) {
    const denied = await failure(agents.getSession(name, id));
    alone.push({ id, found: denied === null ? await agents.getSession(name, id) : null, denied });
  }
  const versions = await all(agents.listVersions(name, { limit: 1 }));
  return {
    agent: await agents.get(name),
    descending,
    ascending: await all(agents.listSessions(name, { limit: 7, order: 'asc' })),
    afterThird: third === undefined ? [] : await all(agents.listSessions(name, { order: 'desc', after: third })),
    alone,
    versions,
    versionsAlone: await Promise.all(versions.map(({ version }) => agents.getVersion(name, version))),
  };
}

const read = [];
for (const agent of hosted) read.push(await readAgent(agent));
const [first] = hosted;
const report = {
  hosted: hosted.map(({ name }) => name),
  prompt: prompt.map(({ name }) => name),
  read,
  failures: {
    unknownSession: await failure(agents.getSession(first.name, 'no-such-session')),
    unknownAgent: await failure(agents.get('no-such-agent')),
    unknownVersion: await failure(agents.getVersion(first.name, '999')),
    sessionsOfUnknownAgent: await failure(all(agents.listSessions('no-such-agent'))),
    sessionsOfPromptAgent: await failure(all(agents.listSessions(prompt[0].name))),
    tooManyAtOnce: await failure(all(agents.listSessions(first.name, { limit: 101 }))),
    afterNothing: await failure(all(agents.listSessions(first.name, { after: 'no-such-session' }))),
    wrongToken: await failure(all(connect('wrong').list())),
  },
};
process.stdout.write(`${JSON.stringify(report)}\n`);
