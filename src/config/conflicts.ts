import { z } from 'zod';
import type { Problem } from './problem.ts';

// Only what rules compare across sections, and whatever else is wrong with it, so that all is reported together.
const text = z.string().optional().catch(undefined);
const loose = z.object({
  server: z
    .object({ auth: z.object({ mode: text, secretHeader: text }).optional().catch(undefined) })
    .optional()
    .catch(undefined),
  sources: z
    .array(
      z
        .object({
          id: text,
          user: z.unknown().optional(),
          auth: z.object({ forward: text }).optional().catch(undefined),
        })
        .catch({}),
    )
    .catch([]),
});

type Sources = z.output<typeof loose>['sources'];

/** Settings of different sections that are each valid but contradict each other. Rules inside a section are in its schema. */
export function findConflicts(value: unknown): readonly Problem[] {
  const { server, sources } = loose.catch({ server: undefined, sources: [] }).parse(value);
  const { mode = 'none', secretHeader } = server?.auth ?? {};
  return sources.flatMap(({ user, auth }, index) => {
    const at = ['sources', index];
    const problems = duplicateIds(sources, index);
    if (user === 'viewer' && mode === 'none') {
      const message =
        'needs a viewer, but server.auth is { mode: none }: set server.auth to jwt or header, or set { constant: <user id> } here';
      problems.push({ path: [...at, 'user'], message });
    }
    if (auth?.forward !== undefined && auth.forward.toLowerCase() === secretHeader?.toLowerCase()) {
      problems.push({
        path: [...at, 'auth', 'forward'],
        message: 'must not be the header in server.auth.secretHeader',
      });
    }
    return problems;
  });
}

function duplicateIds(sources: Sources, index: number): Problem[] {
  const id = sources[index]?.id;
  const first = sources.findIndex((source) => source.id === id);
  if (id === undefined || first === index) return [];
  return [{ path: ['sources', index, 'id'], message: `is also the id of sources[${first}]` }];
}
