import type { ReactNode } from 'react';
import { graphql, useFragment } from 'react-relay';
import type { sessionPanel_session$key } from '#relay/sessionPanel_session.graphql.ts';
import { Facts } from './facts.tsx';
import { narrowedTo } from './filters.ts';
import { Platform } from './platform.tsx';
import { PlatformFacts } from './platform-facts.tsx';
import { toLabel } from './words.ts';

/** Who and when, in words of all platforms; then what only this platform knows. */
export function SessionPanel({ session }: { readonly session: sessionPanel_session$key }): ReactNode {
  const data = useFragment(
    graphql`
      fragment sessionPanel_session on Session {
        nativeId nativeStatus createdAt updatedAt
        source { provider ...platform_source }
        user { id }
        agent { id name nativeId description model }
        team {
          id name nativeId
          leader { id name nativeId }
          members {
            agent { id name nativeId }
            team { id name nativeId }
            session { id }
          }
        }
        workflow { id name nativeId }
        ... on EverrunsSession {
          parentSession { id title nativeId }
        }
        ...platformFacts_session
      }
    `,
    session,
  );
  const { agent, team, workflow, user, source, parentSession: parent } = data;
  const platform = toLabel(source.provider);
  const members = team?.members.map(({ agent, team, session }, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: a member may be gone, and then has no id.
    <li key={index}>
      {toList('agent', agent) ?? toList('team', team) ?? 'A member that is gone'}
      {session && <a href={`/sessions/${encodeURIComponent(session.id)}`}>its session</a>}
    </li>
  ));
  return (
    <>
      <aside aria-label="About this session">
        <h2>Session</h2>
        <Facts
          facts={[
            ['Agent', toList('agent', agent)],
            ['Model', agent?.model],
            ['Team', toList('team', team)],
            ['Led by', toList('agent', team?.leader)],
            ['Members', members?.length ? <ul key="">{members}</ul> : null],
            ['Workflow', toList('workflow', workflow)],
            ['User', user && <a href={narrowedTo('user', user.id)}>{user.id}</a>],
            [
              'Part of',
              parent && <a href={`/sessions/${encodeURIComponent(parent.id)}`}>{parent.title ?? parent.nativeId}</a>,
            ],
            ['Source', <Platform key="" source={source} />],
            ['Created', data.createdAt],
            ['Last active', data.updatedAt],
            ['Native id', <code key="">{data.nativeId}</code>],
            ['Native status', data.nativeStatus && <code>{data.nativeStatus}</code>],
          ]}
        />
        {agent?.description && <p className="description">{agent.description}</p>}
      </aside>
      <aside aria-label={`Only on ${platform}`}>
        <h2>Only on {platform}</h2>
        <PlatformFacts session={data} />
      </aside>
    </>
  );
}

interface Named {
  readonly id: string;
  readonly name: string | null | undefined;
  readonly nativeId: string;
}

/** A link to the sessions of one agent, team or workflow. */
const toList = (kind: string, one: Named | null | undefined): ReactNode =>
  one && <a href={narrowedTo(kind, one.id)}>{one.name ?? one.nativeId}</a>;
