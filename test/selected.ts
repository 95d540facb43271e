import type { Selected } from '../src/providers/provider.ts';

/** An operation that selects every field of sessions, and of their agents only what their keys tell. */
export const sessionsWhole: Selected = { ofSessions: () => true, agents: () => false };

export const nothing: Selected = { ofSessions: () => false, agents: () => false };
