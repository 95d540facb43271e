import { expect, test } from 'vitest';
import { startPlatform } from '../sandbox-controls/platform.ts';
import { open, unshared } from '../server/ask.ts';

test('sessions of a Foundry source with a user belong to that user, on every way to them', async () => {
  const platform = await startPlatform({ platform: 'foundry', sessions: 0, agents: 0, users: ['alice', 'bob'] });
  platform.addAgent({ id: 'billing' });
  platform.addSession({ id: 'of-alice-1', user: 'alice', createdAt: 1_700_000_000_000 });
  platform.addSession({ id: 'of-bob', user: 'bob', createdAt: 1_700_000_001_000 });
  platform.addSession({ id: 'of-alice-2', user: 'alice', createdAt: 1_700_000_002_000 });
  const source = { id: 'foundry', provider: 'foundry', url: platform.url, user: { constant: 'alice' } };
  const { app, ask } = open({ server: unshared, sources: [source] });
  const requestsOf = async (query: string) => {
    platform.clearRequests();
    const { json } = await ask({ query });
    const asked = platform.requests.map(({ url, headers }) => {
      expect(headers['x-ms-user-isolation-key']).toBe('alice');
      return url.slice(new URL(platform.url).pathname.length);
    });
    return { json, asked };
  };
  try {
    const own = [
      { nativeId: 'of-alice-2', user: { id: 'alice' } },
      { nativeId: 'of-alice-1', user: { id: 'alice' } },
    ];
    const listing = [
      '/agents?api-version=v1&kind=hosted&order=desc&limit=100',
      '/agents/billing/endpoint/sessions?api-version=v1&order=desc&limit=21',
    ];
    expect(await requestsOf('{ sessions { nodes { nativeId user { id } } } }')).toEqual({
      json: { data: { sessions: { nodes: own } } },
      asked: listing,
    });
    expect(
      await requestsOf('{ sessions(filter: { users: ["alice", "bob"] }) { nodes { nativeId user { id } } } }'),
    ).toEqual({ json: { data: { sessions: { nodes: own } } }, asked: listing });
    expect(
      await requestsOf('{ sessions(filter: { users: ["bob"] }) { nodes { nativeId } outcomes { status } } }'),
    ).toEqual({ json: { data: { sessions: { nodes: [], outcomes: [{ status: 'COMPLETE' }] } } }, asked: [] });
    expect(
      await requestsOf(
        '{ _entities(representations: [{ __typename: "User", id: "alice" }]) { ... on User { sessions { nodes { nativeId user { id } } } } } }',
      ),
    ).toEqual({ json: { data: { _entities: [{ sessions: { nodes: own } }] } }, asked: listing });
  } finally {
    await app.close();
    await platform.close();
  }
});
