import { registry } from '../../providers/registry.ts';

export const allSessions = `# The latest sessions of every source, merged into one list, newest first.
# \`outcomes\` says how reading each source went: look there to see whether anything may be missing.
query AllSessions {
  sessions(first: 10) {
    nodes {
      id
      title
      preview
      status
      createdAt
      source {
        name
      }
      # What only one kind of platform knows:
${platformFields()}
    }
    outcomes {
      source {
        name
      }
      status
      totalCount
      error {
        code
        message
      }
    }
  }
}
`;

/** A field or two of each provider's own; each name once, because types may differ. */
function platformFields(): string {
  const taken = new Set<string>();
  return registry
    .map(({ types: { session } }) => {
      const scalars = Object.entries(session.fields).filter(([, { type, list }]) => type.kind === 'scalar' && !list);
      const names = scalars.map(([name]) => name).filter((name) => !taken.has(name));
      const chosen = names.slice(0, 2);
      for (const name of chosen) taken.add(name);
      return `      ... on ${session.name} {\n${chosen.map((name) => `        ${name}\n`).join('')}      }`;
    })
    .join('\n');
}
