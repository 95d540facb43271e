import { toSourceNodeId } from '../entities/node-id.ts';
import { registry } from '../providers/registry.ts';
import { explainHeader } from './plugins/use-explain.ts';

export interface ExampleQuery {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What GraphiQL opens with, for whoever sees this graph for the first time. `explains`: whether answers can explain themselves. */
export function toExampleQueries(sourceIds: readonly string[], explains: boolean): readonly ExampleQuery[] {
  const source = sourceIds.at(-1) ?? '';
  return [
    { query: allSessions, variables: {} },
    { query: oneSource, variables: { source } },
    { query: whoRunsThem, variables: {} },
    { query: conversations, variables: {} },
    { query: anythingById, variables: { id: toSourceNodeId(source) } },
    { query: byNativeId, variables: { nativeId: 'paste-an-id' } },
    { query: filtered, variables: {} },
    { query: nextPage, variables: { after: null } },
    ...(explains ? [{ query: explained, variables: {}, headers: { [explainHeader]: '1' } }] : []),
  ];
}

const allSessions = `# The latest sessions of every source, merged into one list, newest first.
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

const oneSource = `# One source by itself: how it is doing, what it can do, and its latest sessions.
# A source is named by its slug or its id; { sources { slug } } lists them.
query OneSource($source: ID!) {
  source(id: $source) {
    name
    provider
    # Whose sessions it shows you:
    readAs
    readAsUser {
      id
    }
    health {
      state
      lastErrorCode
      since
    }
    capabilities {
      kinds
      statuses
      filters {
        filter
        support
      }
    }
    sessions(first: 5) {
      totalCount
      nodes {
        title
        nativeId
        nativeStatus
      }
    }
  }
}
`;

const whoRunsThem = `# Who runs each session, and for whom. All the agents and teams of a page are asked for together.
query WhoRunsThem {
  sessions(first: 10) {
    nodes {
      title
      kind
      user {
        id
      }
      agent {
        name
        model
        description
      }
      team {
        name
        leader {
          name
        }
        members {
          agent {
            name
          }
        }
      }
    }
  }
}
`;

const conversations = `# The end of each conversation: who spoke, what was said, which tools were called and what they answered.
# \`before\` with \`startCursor\` goes back from there. The messages of each session are a request of their own.
query Conversations {
  sessions(first: 10) {
    nodes {
      title
      source {
        name
      }
      messages(last: 6, roles: [USER, ASSISTANT]) {
        nodes {
          role
          status
          createdAt
          text
          parts {
            ... on ToolCallPart {
              name
              arguments
              state
              result {
                text
                isError
              }
            }
            ... on FilePart {
              modality
              mediaType
              url
            }
          }
        }
        pageInfo {
          hasPreviousPage
          startCursor
        }
        outcome {
          status
          error {
            message
          }
        }
      }
    }
  }
}
`;

const anythingById = `# Anything that has an id can be asked for by it. Copy the id of a session, an agent or a team into the variables.
query AnythingById($id: ID!) {
  node(id: $id) {
    __typename
    id
    ... on Source {
      slug
      provider
    }
    ... on Session {
      title
      status
      agent {
        name
      }
    }
    ... on Agent {
      name
      sessions(first: 5) {
        nodes {
          title
        }
      }
    }
    ... on Team {
      name
      members {
        agent {
          name
        }
      }
    }
  }
}
`;

const byNativeId = `# A session of which you know only the id on its platform, from a log or a URL. Every source is asked:
# \`outcomes\` says whether one of them could not be. Run { sessions { nodes { nativeId } } } for some ids.
query ByNativeId($nativeId: String!) {
  sessions(filter: { nativeIds: [$nativeId] }) {
    nodes {
      id
      title
      source {
        slug
      }
      agent {
        name
      }
    }
    outcomes {
      source {
        slug
      }
      status
      error {
        code
        message
      }
    }
  }
}
`;

const filtered = `# Sessions that are at work or wait for somebody, the latest active ones first.
# A source that cannot order or filter by something itself is read and sorted by this server: \`scanned\` says how many rows that took.
query Filtered {
  sessions(
    first: 10
    filter: { statuses: [RUNNING, WAITING], createdAt: { from: "2026-01-01T00:00:00Z" } }
    orderBy: { field: UPDATED_AT, direction: DESC }
  ) {
    nodes {
      title
      status
      updatedAt
      source {
        name
      }
    }
    outcomes {
      source {
        name
      }
      status
      scanned
      error {
        message
      }
    }
  }
}
`;

const explained = `# What a page costs. The header of this tab, below under Headers, makes the
# answer end with \`extensions.explain\`: what was planned for each source, and
# every request that was sent to its platform.
query Explained {
  sessions(first: 2, filter: { search: "invoice" }) {
    nodes {
      title
      agent {
        name
      }
    }
  }
}
`;

const nextPage = `# A page, and where it ends. Copy \`endCursor\` into the variable \`after\` and run this again for the next page;
# \`last\` and \`before\` walk the other way.
query NextPage($after: String) {
  sessions(first: 10, after: $after) {
    edges {
      cursor
      node {
        title
        createdAt
      }
    }
    pageInfo {
      hasNextPage
      endCursor
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
