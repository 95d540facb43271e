import { z } from 'zod';

const timezone = z.string().refine(isTimezone, 'must be the name of a time zone, such as Europe/Berlin');

export const settings = z.strictObject({
  timezone: timezone
    .default('UTC')
    .describe(
      'AgentScope sends times without a time zone. This is the IANA name of the zone in which it writes the times of ' +
        'sessions, agents and teams. With SQL storage: `UTC`. With Redis storage: the zone of the machine that runs AgentScope.',
    ),
  stateTimezone: timezone
    .optional()
    .describe(
      "The time zone of the times inside a session's `state`, which are those of its tasks and messages. With either " +
        'storage this is the zone of the machine that runs AgentScope. Default: the value of `timezone`. So set it if you use ' +
        'SQL storage and the machine does not run in UTC.',
    ),
});

export type AgentScopeSettings = z.infer<typeof settings>;

function isTimezone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
