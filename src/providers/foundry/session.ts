import type { z } from 'zod';
import { instantFromSeconds } from '../../domain/instant.ts';
import type { SessionRecord, SessionStatus } from '../../domain/records.ts';
import { encodeKey, ownerIdOf } from '../key.ts';
import * as sent from '../sent.ts';
import { entity, type ObjectShape, required, text } from '../shape.ts';
import * as wire from '../wire.ts';
import { pageOf } from './page.ts';

const versionIndicator = sent.part(
  'FoundryVersionIndicator',
  'The version of its agent that a session runs, as the platform names it.',
  {
    type: sent.text('How the version is named. `version_ref` is the only known way.'),
    agent_version: sent.text('The version, such as `3`.'),
  },
);

const session = {
  status: wire.text,
  created_at: wire.number,
  agent_session_id: sent.id('The id of the session, unique only among the sessions of its agent.'),
  agentName: sent.below,
  version_indicator: sent.object(
    versionIndicator,
    'The version of the agent that the session runs, as the platform names it.',
  ),
  agentVersion: sent.below,
  last_accessed_at: sent.unixTime('When the session was last used.'),
  expires_at: sent.unixTime('When the platform will delete the session. Each use postpones it.'),
  stopped_at: sent.unixTime('When the sandbox of the session last stopped. Null when it has never stopped.'),
};

export const sessionRow = sent.schemaOf(session);

export const sessionPage = pageOf(sessionRow);

export type SessionRow = z.infer<typeof sessionRow>;
export type FoundrySessionRecord = SessionRecord<SessionRow>;

/** What sessions are asked for with, which their rows do not repeat. */
export interface FoundryListing {
  readonly sourceId: string;
  /** Whose sessions the platform shows. Null when it is not given a user. */
  readonly user: string | null;
}

export function toSession(
  row: SessionRow,
  agentName: string,
  { sourceId, user }: FoundryListing,
): FoundrySessionRecord {
  return {
    sourceId,
    provider: 'foundry',
    key: encodeKey(agentName, row.agent_session_id),
    nativeId: row.agent_session_id,
    kind: 'AGENT',
    title: null,
    preview: null,
    status: toStatus(row.status),
    nativeStatus: row.status,
    createdAt: instantFromSeconds(row.created_at),
    updatedAt: instantFromSeconds(row.last_accessed_at),
    userId: user,
    agentKey: encodeKey(agentName),
    teamKey: null,
    workflowKey: null,
    tags: [],
    complete: true,
    row,
  };
}

function toStatus(status: string | null): SessionStatus {
  // Documented in lower case, but capitalised in the platform's own examples.
  switch (status?.toLowerCase()) {
    case 'creating':
      return 'STARTING';
    case 'active':
    case 'updating':
      return 'RUNNING';
    case 'idle':
      return 'IDLE';
    case 'failed':
      return 'FAILED';
    case 'deleting':
    case 'deleted':
    case 'expired':
      return 'ENDED';
    default:
      return 'UNKNOWN';
  }
}

export const sessionShape: ObjectShape<FoundrySessionRecord> = {
  name: 'FoundrySession',
  description:
    'A session of an Azure AI Foundry hosted agent: a long-lived sandbox in which the agent runs. It has no title. ' +
    'The platform does not name the user of a session, but shows each user only their own sessions: when the ' +
    'source is configured with a `user`, its sessions belong to that user.',
  fields: sent.fieldsOf(session, sent.rowOf, {
    agentName: required(text('The name of the agent that the session belongs to.', ({ key }) => ownerIdOf(key))),
    agentVersion: entity(
      'agentVersion',
      'The version of the agent that the session runs. Null when that version has been deleted.',
      ({ sourceId, key, row }) => {
        const version = row.version_indicator?.agent_version ?? null;
        return version === null ? null : { sourceId, key: encodeKey(ownerIdOf(key), version) };
      },
    ),
  }),
};
