import { describe, expect, test } from 'vitest';
import type { PlatformName } from '../../src/sandbox/platforms.ts';
import { platformNames as names, type RunningPlatform, startPlatform } from '../sandbox-controls/platform.ts';
import { type Asked, open } from '../server/ask.ts';

interface Platforms extends Readonly<Record<PlatformName, RunningPlatform>>, AsyncDisposable {}

/** One platform of each kind, three sessions each. */
async function startPlatforms(): Promise<Platforms> {
  const started = await Promise.all(
    names.map(async (platform) => {
      return [platform, await startPlatform({ platform, sessions: 3, agents: 2, users: ['alice'] })] as const;
    }),
  );
  return {
    ...(Object.fromEntries(started) as Record<PlatformName, RunningPlatform>),
    async [Symbol.asyncDispose]() {
      await Promise.all(started.map(([, running]) => running.close()));
    },
  };
}

interface Served extends Asked, AsyncDisposable {}

/** The server over them. Only the named source has a limit that a busy machine could break; it is the one that hangs. */
function serve(platforms: Platforms, name?: PlatformName, limits: Readonly<Record<string, number>> = {}): Served {
  const server = open({
    server: { limits: { http: { retries: 0, listShareMs: 60_000, attemptTimeoutMs: 60_000, deadlineMs: 60_000 } } },
    sources: names.map((provider) => ({
      id: provider,
      provider,
      url: platforms[provider].url,
      ...(provider === 'agentscope' ? { user: { constant: 'alice' } } : {}),
      ...(provider === name ? { limits } : {}),
    })),
  });
  return { ...server, [Symbol.asyncDispose]: () => server.app.close() };
}

interface Page {
  readonly data: {
    readonly sessions: {
      readonly nodes: readonly { readonly source: { readonly slug: string }; readonly agent: unknown }[];
      readonly outcomes: readonly { readonly source: { readonly slug: string }; readonly status: string }[];
    };
  };
  readonly errors?: readonly { readonly path: readonly unknown[]; readonly extensions: unknown }[];
}

const query = `{ sessions(first: 20) {
  nodes { id source { slug } agent { name } }
  outcomes { source { slug } status error { code } }
  pageInfo { hasNextPage }
} }`;

async function page(server: Asked): Promise<Page> {
  return (await server.ask({ query })).json as Page;
}

describe.each(names)('%s hangs', (name) => {
  test('costs its own rows and nothing else', async () => {
    await using platforms = await startPlatforms();
    await using healthy = serve(platforms);
    const whole = await page(healthy);
    expect(whole.data.sessions.nodes).toHaveLength(12);
    expect(whole.errors).toBeUndefined();
    platforms[name].fail({ kind: 'black-hole' });
    await using server = serve(platforms, name, { listShareMs: 300 });
    const answer = await page(server);
    const others = whole.data.sessions.nodes.filter(({ source }) => source.slug !== name);
    expect(answer).toEqual({
      data: {
        sessions: {
          nodes: others,
          outcomes: names.map((slug) =>
            slug === name
              ? { source: { slug }, status: 'FAILED', error: { code: 'UPSTREAM_TIMEOUT' } }
              : { source: { slug }, status: 'COMPLETE', error: null },
          ),
          pageInfo: { hasNextPage: true },
        },
      },
    });
    expect(others).toHaveLength(9);
  });

  test('is given little time while it is known to hang, and found again when it answers', async () => {
    await using platforms = await startPlatforms();
    await using server = serve(platforms, name, {
      listShareMs: 3_600_000,
      attemptTimeoutMs: 300,
      breakerFailures: 1_000,
    });
    const lift = platforms[name].fail({ kind: 'black-hole' });
    expect((await page(server)).data.sessions.nodes).toHaveLength(9);
    lift();
    const statuses = async () => (await page(server)).data.sessions.outcomes.map(({ status }) => status).join(' ');
    await expect.poll(statuses, { timeout: 60_000 }).toBe('COMPLETE COMPLETE COMPLETE COMPLETE');
  });
});

test.each(['everruns', 'agno'] as const)(
  'the agents of %s hang: the rows come, and the agents of others',
  async (name) => {
    await using platforms = await startPlatforms();
    await using healthy = serve(platforms);
    const whole = await page(healthy);
    platforms[name].fail({ kind: 'black-hole', match: ({ url }) => /\/agents/.test(url) });
    await using server = serve(platforms, name, { attemptTimeoutMs: 3_000 });
    const answer = await page(server);
    const own = answer.data.sessions.nodes.flatMap(({ source }, index) => (source.slug === name ? [index] : []));
    expect(own).toHaveLength(3);
    expect(answer.data.sessions.outcomes).toEqual(whole.data.sessions.outcomes);
    for (const [index, node] of answer.data.sessions.nodes.entries()) {
      if (!own.includes(index)) expect(node).toEqual(whole.data.sessions.nodes[index]);
    }
    expect(answer.errors?.length).toBeGreaterThan(0);
    for (const { path, extensions } of answer.errors ?? []) {
      expect(own).toContain(path[2]);
      expect(extensions).toMatchObject({ code: 'UPSTREAM_TIMEOUT', source: name });
    }
    // Whoever does not answer about all is not waited for again about each.
    expect(platforms[name].requests.filter(({ url }) => /\/agents\//.test(url))).toEqual([]);
  },
);
