import { expect, test } from 'vitest';
import { startPlatform } from '../sandbox-controls/platform.ts';
import { open } from '../server/ask.ts';

// What docs/properties.md says of `error.code` and `error.message` of the platforms' answers.

const secret = 'The principal `f0e1` lacks the required data action. [Request ID: 17]';

test.each([
  ['PermissionDenied', 'UPSTREAM_FORBIDDEN', 'accepts the credential, which lacks a permission that this needs'],
  ['Unauthorized', 'UPSTREAM_UNAUTHENTICATED', 'asks for a credential, and none is configured'],
])(
  'the code %s of a 401 decides the code of outcomes and errors, and its sentence stays here',
  async (code, expected, sentence) => {
    const [refusing, healthy] = await Promise.all([
      startPlatform({ platform: 'foundry', sessions: 4, agents: 1 }),
      startPlatform({ platform: 'everruns', sessions: 4, agents: 1 }),
    ]);
    refusing.fail({
      kind: 'status',
      status: 401,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ error: { code, message: secret, param: secret, type: secret } }),
    });
    const { app, ask } = open({
      sources: [
        { id: 'foundry', provider: 'foundry', url: refusing.url },
        { id: 'everruns', provider: 'everruns', url: healthy.url },
      ],
    });
    try {
      const message = `Source "foundry" ${sentence}.`;
      const { text, json } = await ask({
        query:
          '{ sessions { outcomes { status error { code message } } } only: sessions(filter: { sources: ["foundry"] }) { totalCount } }',
      });
      expect(json).toMatchObject({
        data: {
          sessions: {
            outcomes: [
              { status: 'FAILED', error: { code: expected, message } },
              { status: 'COMPLETE', error: null },
            ],
          },
          only: null,
        },
        errors: [{ message, path: ['only'], extensions: { code: expected } }],
      });
      expect(text).not.toContain('f0e1');
    } finally {
      await app.close();
      await Promise.all([refusing.close(), healthy.close()]);
    }
  },
);
