import type { MessageOfSession } from '../domain/message.ts';
import type { AgentRecord, SessionRecord, TeamRecord, WorkflowRecord } from '../domain/records.ts';
import type { Reference } from '../entities/reference.ts';
import type { Source as SourceShape } from '../providers/source.ts';
import { builder } from './builder.ts';

/** The types that refer to each other in circles; here so that the files that describe them need not. */
export const Node = builder.nodeInterfaceRef();
export const Session = builder.interfaceRef<SessionRecord>('Session');
export const Agent = builder.interfaceRef<AgentRecord>('Agent');
export const Team = builder.interfaceRef<TeamRecord>('Team');
export const Workflow = builder.interfaceRef<WorkflowRecord>('Workflow');
export const User = builder.objectRef<Reference>('User');
export const Source = builder.objectRef<SourceShape>('Source');
export const Message = builder.objectRef<MessageOfSession>('Message');
