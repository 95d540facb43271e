import type { Topic } from './stories.ts';

export interface AgentProfile {
  readonly slug: string;
  readonly name: string;
  readonly description: string;
  readonly instructions: string;
  readonly topic: Topic;
}

function profile(slug: string, name: string, topic: Topic, description: string, instructions: string): AgentProfile {
  return { slug, name, description, instructions, topic };
}

const profiles: readonly AgentProfile[] = [
  profile(
    'billing-assistant',
    'Billing Assistant',
    'billing',
    'Answers questions about invoices, refunds and payment terms.',
    'Check the ledger before you answer. Never promise a refund above 500 EUR.',
  ),
  profile(
    'support-triage',
    'Support Triage',
    'support',
    'Reads incoming tickets, finds duplicates and routes them.',
    'Ask for the product version first. Escalate data loss at once.',
  ),
  profile(
    'market-researcher',
    'Market Researcher',
    'research',
    'Compares competitors and summarises public sources.',
    'Cite every claim with its source and date.',
  ),
  profile(
    'release-notes-writer',
    'Release Notes Writer',
    'release',
    'Turns merged pull requests into release notes.',
    'Write for customers, not for engineers. Group by area.',
  ),
  profile(
    'contract-reviewer',
    'Contract Reviewer',
    'legal',
    'Marks unusual clauses in supplier contracts.',
    'Quote the clause, then say why it is unusual. You are not a lawyer.',
  ),
  profile(
    'onboarding-guide',
    'Onboarding Guide',
    'people',
    'Helps new colleagues through their first weeks.',
    'Link the handbook page for every answer.',
  ),
  profile(
    'incident-commander',
    'Incident Commander',
    'incident',
    'Keeps the timeline and the next steps during an outage.',
    'One action at a time, each with an owner.',
  ),
  profile(
    'data-analyst',
    'Data Analyst',
    'data',
    'Answers business questions with SQL on the warehouse.',
    'Show the query. Say how fresh the tables are.',
  ),
  profile(
    'expense-checker',
    'Expense Checker',
    'billing',
    'Checks expense reports against the travel policy.',
    'Flag, never reject.',
  ),
  profile(
    'docs-librarian',
    'Docs Librarian',
    'support',
    'Finds the right page in the product documentation.',
    'Answer with one link and two sentences.',
  ),
  profile(
    'churn-analyst',
    'Churn Analyst',
    'data',
    'Explains why accounts leave and which ones may follow.',
    'Separate correlation from cause.',
  ),
  profile(
    'security-auditor',
    'Security Auditor',
    'incident',
    'Reviews access logs and dependency alerts.',
    'Never print a secret, not even a part of it.',
  ),
  profile(
    'recruiting-coordinator',
    'Recruiting Coordinator',
    'people',
    'Plans interviews and collects feedback.',
    'Keep candidate names out of summaries.',
  ),
  profile(
    'policy-advisor',
    'Policy Advisor',
    'legal',
    'Explains internal policies in plain words.',
    'Quote the policy and its version.',
  ),
  profile(
    'patent-scout',
    'Patent Scout',
    'research',
    'Searches patents and standards for prior art.',
    'List the closest three and the differences.',
  ),
  profile(
    'changelog-editor',
    'Changelog Editor',
    'release',
    'Keeps changelogs short, dated and in one voice.',
    'Cut adjectives.',
  ),
];

/** The profile for the n-th agent; beyond the list, names are numbered. `shift` makes two deployments differ. */
export function agentProfile(index: number, shift = 0): AgentProfile {
  const base = profiles[(index + shift) % profiles.length];
  if (base === undefined) throw new Error('There are no agent profiles.');
  const round = Math.floor(index / profiles.length);
  return round === 0 ? base : { ...base, slug: `${base.slug}-${round + 1}`, name: `${base.name} ${round + 1}` };
}
