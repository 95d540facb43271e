import type { Call, Outcome } from './dialogue.ts';
import type { JsonObject } from './json.ts';
import type { Topic } from './stories.ts';

/** What the agents of one topic look things up with, and what they may do only after somebody has allowed it. */
interface Toolbox {
  readonly lookup: (subject: string) => Lookup;
  readonly action: (subject: string) => Action;
}

interface Action {
  readonly tool: string;
  readonly arguments: JsonObject;
}

interface Lookup extends Action {
  readonly result: JsonObject;
  readonly error: string;
}

const toolboxes: Readonly<Record<Topic, Toolbox>> = {
  billing: {
    lookup: (subject) => ({
      tool: 'find_invoice',
      arguments: { invoice: subject, include_payments: true },
      result: { invoice: subject, amount: '1284.50', currency: 'EUR', status: 'paid', payments: 2 },
      error: 'LedgerTimeout: the ledger did not answer within 30 s',
    }),
    action: (subject) => ({
      tool: 'issue_refund',
      arguments: { invoice: subject, amount: '1284.50', currency: 'EUR' },
    }),
  },
  support: {
    lookup: (subject) => ({
      tool: 'search_tickets',
      arguments: { query: subject, limit: 5 },
      result: { tickets: [{ id: 'SUP-4471', status: 'solved', score: 0.91 }], total: 1 },
      error: 'IndexUnavailable: the ticket index is being rebuilt',
    }),
    action: (subject) => ({ tool: 'merge_tickets', arguments: { into: subject, from: 'SUP-4471' } }),
  },
  research: {
    lookup: (subject) => ({
      tool: 'search_sources',
      arguments: { query: subject, languages: ['en', 'de', 'ja'] },
      result: { sources: [{ url: 'https://news.example/announcement', published: '2026-03-04' }], total: 1 },
      error: 'RateLimited: 30 searches a minute are allowed',
    }),
    action: (subject) => ({ tool: 'send_report', arguments: { about: subject, to: 'board@contoso.example' } }),
  },
  release: {
    lookup: (subject) => ({
      tool: 'list_pull_requests',
      arguments: { since: subject, state: 'merged' },
      result: { merged: 15, labels: { feature: 4, fix: 11 }, breaking: ['#2210'] },
      error: 'NotFound: there is no such tag',
    }),
    action: (subject) => ({ tool: 'publish_release', arguments: { version: subject, draft: false } }),
  },
  legal: {
    lookup: (subject) => ({
      tool: 'find_clause',
      arguments: { document: subject, about: 'liability' },
      result: { clause: '9.2', text: 'Liability is limited to the fees of three months.', page: 14 },
      error: 'DocumentLocked: the contract is open in another review',
    }),
    action: (subject) => ({ tool: 'send_redlines', arguments: { document: subject, to: 'legal@supplier.example' } }),
  },
  people: {
    lookup: (subject) => ({
      tool: 'read_calendar',
      arguments: { about: subject, days: 5 },
      result: { free: ['2026-11-23T09:00:00Z', '2026-11-24T14:30:00Z'], timezone: 'Europe/Lisbon' },
      error: 'CalendarForbidden: the calendar is not shared',
    }),
    action: (subject) => ({ tool: 'send_invitations', arguments: { about: subject, attendees: 4 } }),
  },
  incident: {
    lookup: (subject) => ({
      tool: 'query_metrics',
      arguments: { query: `p95 latency, ${subject}`, minutes: 30 },
      result: { unit: 'ms', before: 118, now: 241, since: '09:12' },
      error: 'MetricsGap: no samples for the last 10 minutes',
    }),
    action: (subject) => ({ tool: 'restart_service', arguments: { service: 'gateway', reason: subject } }),
  },
  data: {
    lookup: (subject) => ({
      tool: 'run_sql',
      arguments: { sql: `select count(*) from teams_active where about = '${subject.replaceAll("'", "''")}'` },
      result: { columns: ['count'], rows: [[1284]], refreshed_at: '2026-11-20T05:00:00Z' },
      error: 'SyntaxError: relation "teams_active" does not exist',
    }),
    action: (subject) => ({ tool: 'share_dashboard', arguments: { about: subject, with: 'everyone' } }),
  },
};

const subjects = /INV-\d+|SUP-\d+|\d+\.\d+\.\d+|https:\S+/;

/** What a text speaks of: the number in it, or else its first words. */
function subjectOf(text: string): string {
  return subjects.exec(text)?.[0] ?? text.split(' ').slice(0, 6).join(' ');
}

export function lookupCall(topic: Topic, about: string, state: 'succeeded' | 'failed' | 'running' | 'external'): Call {
  const { tool, arguments: given, result, error } = toolboxes[topic].lookup(subjectOf(about));
  const outcome: Outcome =
    state === 'succeeded' ? { state, result } : state === 'failed' ? { state, error } : { state };
  return { kind: 'call', tool, arguments: given, outcome };
}

export function actionCall(topic: Topic, about: string, state: 'denied' | 'unapproved'): Call {
  const { tool, arguments: given } = toolboxes[topic].action(subjectOf(about));
  return { kind: 'call', tool, arguments: given, outcome: { state } };
}
