import type { ReactNode } from 'react';
import { graphql, useFragment } from 'react-relay';
import type { sessionPanel_session$data, sessionPanel_session$key } from '#relay/sessionPanel_session.graphql.ts';
import { Facts, toCode, toTime } from './facts.tsx';
import { toHref } from './filters.ts';
import { Platform } from './platform.tsx';
import { AgentScopeFacts, AgnoFacts, EverrunsFacts, FoundryFacts } from './platform-facts.tsx';
import { Link } from './router.tsx';
import { toLabel } from './words.ts';

/** Who and when, in words of all platforms; then what only this platform knows. */
export function SessionPanel({ session }: { readonly session: sessionPanel_session$key }): ReactNode {
  const data = useFragment(
    graphql`
      fragment sessionPanel_session on Session {
        nativeId nativeStatus createdAt updatedAt
        source {
          slug provider
          ...platform_source
        }
        user { id }
        agent { id name nativeId description model }
        team {
          id name nativeId
          leader { id name }
          members {
            agent { id name nativeId }
            team { id name nativeId }
            session { id }
          }
        }
        workflow { id name nativeId }
        ...platformFacts_foundry @alias(as: "foundry")
        ...platformFacts_everruns @alias(as: "everruns")
        ...platformFacts_agentscope @alias(as: "agentscope")
        ...platformFacts_agno @alias(as: "agno")
      }
    `,
    session,
  );
  const { agent, team, workflow, user, source, foundry, everruns, agentscope, agno } = data;
  return (
    <>
      <aside aria-label="About this session">
        <h2>Session</h2>
        <Facts
          facts={[
            ['Agent', agent && <Link href={toHref({ agents: [agent.id] })}>{agent.name ?? agent.nativeId}</Link>],
            ['Model', agent?.model],
            ['Team', team && <Link href={toHref({ teams: [team.id] })}>{team.name ?? team.nativeId}</Link>],
            ['Led by', team?.leader && <Link href={toHref({ agents: [team.leader.id] })}>{team.leader.name}</Link>],
            ['Members', team && <Members members={team.members} />],
            [
              'Workflow',
              workflow && <Link href={toHref({ workflows: [workflow.id] })}>{workflow.name ?? workflow.nativeId}</Link>,
            ],
            ['User', user && <Link href={toHref({ users: [user.id] })}>{user.id}</Link>],
            ['Source', <Platform key="" source={source} />],
            ['Created', toTime(data.createdAt)],
            ['Last active', toTime(data.updatedAt)],
            ['Native id', toCode(data.nativeId)],
            ['Native status', toCode(data.nativeStatus)],
          ]}
        />
        {agent?.description && <p className="description">{agent.description}</p>}
      </aside>
      <aside aria-label={`Only on ${toLabel(source.provider)}`}>
        <h2>Only on {toLabel(source.provider)}</h2>
        {foundry && <FoundryFacts session={foundry} />}
        {everruns && <EverrunsFacts session={everruns} />}
        {agentscope && <AgentScopeFacts session={agentscope} />}
        {agno && <AgnoFacts session={agno} />}
      </aside>
    </>
  );
}

type Member = NonNullable<sessionPanel_session$data['team']>['members'][number];

function Members({ members }: { readonly members: readonly Member[] }): ReactNode {
  if (members.length === 0) return null;
  return (
    <ul>
      {members.map(({ agent, team, session }, index) => {
        const name = agent?.name ?? agent?.nativeId ?? team?.name ?? team?.nativeId ?? 'A member that is gone';
        const href =
          agent !== null && agent !== undefined
            ? toHref({ agents: [agent.id] })
            : toHref({ teams: team === null || team === undefined ? [] : [team.id] });
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a member may be gone, and then has no id.
          <li key={index}>
            <Link href={href}>{name}</Link>
            {session && <Link href={`/sessions/${encodeURIComponent(session.id)}`}>its session</Link>}
          </li>
        );
      })}
    </ul>
  );
}
