import type { Random } from './random.ts';

export type Topic = 'billing' | 'support' | 'research' | 'release' | 'legal' | 'people' | 'incident' | 'data';

interface TopicTexts {
  readonly titles: readonly string[];
  readonly questions: readonly string[];
  readonly answers: readonly string[];
}

const textsOf: Readonly<Record<Topic, TopicTexts>> = {
  billing: {
    titles: [
      'Refund for invoice {invoice}',
      '{company} was charged twice in {month}',
      'VAT number missing on {invoice}',
      'Switch {company} to annual billing',
      'Expense report {month}: hotel in {city}',
      'Payment reminder for {company} on hold',
      'Réclamation : facture {invoice} en double',
      '請求書 {invoice} の再発行について',
    ],
    questions: [
      'Hi, {company} says they paid {invoice} twice. Can you check and tell me what to answer?',
      'Which invoices of {company} are still open, and since when?',
      'Please prepare the refund for {invoice}, the customer cancelled within the trial.',
    ],
    answers: [
      'Two card payments arrived on the same day. The second one, for {invoice}, can be refunded; I have drafted the message.',
      '{company} has one open invoice, {invoice}, due at the end of {month}. No reminder was sent yet.',
    ],
  },
  support: {
    titles: [
      'Ticket {ticket}: export stops at 10,000 rows',
      'Login loop after SSO change at {company}',
      'How do I rotate an API key?',
      'Ticket {ticket}: webhook deliveries delayed',
      '{company} cannot upload files over 2 GB',
      'Duplicate of {ticket}?',
      'Benutzer können sich in {city} nicht anmelden',
      'Не приходит письмо для сброса пароля ({ticket})',
    ],
    questions: [
      'Customer {company} reports that exports stop silently. They are on {version}. Known issue?',
      'Where is it documented how to rotate an API key without downtime?',
      'Can you find older tickets that look like {ticket}?',
    ],
    answers: [
      'This matches a known issue fixed in {version}. I linked {ticket} and asked for the export id.',
      'Create the second key, move traffic, then revoke the first one. The page "Rotating keys" has the steps.',
    ],
  },
  research: {
    titles: [
      'Competitor pricing, {month}',
      'What changed in the {country} data rules?',
      'Sources on agent platforms for the board paper',
      'Prior art for streaming checkpoints',
      'Interview notes: {person}, {company}',
      'Estudio de mercado: {city}',
      '市場調査メモ：{company}',
    ],
    questions: [
      'Summarise what {company} announced in {month}, with sources.',
      'Who else sells into {country}, and at what price per seat?',
      'Find prior art for checkpointing a stream by position.',
    ],
    answers: [
      'Three announcements matter: a price change, a region in {country} and an acquisition. Sources are listed below each.',
      'Four vendors sell there. Published list prices range from 18 to 42 EUR per seat.',
    ],
  },
  release: {
    titles: [
      'Release notes {version}',
      'Changelog for {version}, second draft',
      'Which pull requests are missing from {version}?',
      'Upgrade guide to {version}',
      'Known issues in {version}',
      'Notes de version {version}',
    ],
    questions: [
      'Write the release notes for {version} from the merged pull requests since the last tag.',
      'Is there anything in {version} that breaks existing configurations?',
    ],
    answers: [
      '{version} has 4 new features, 11 fixes and one breaking change: the default region is gone and must be set.',
      'Draft is ready. I left out two pull requests that only touch tests.',
    ],
  },
  legal: {
    titles: [
      'Supplier contract {company}: liability cap',
      'NDA with {company}, redlines',
      'Which retention policy applies in {country}?',
      'Data processing addendum for {company}',
      'Umowa z {company}: okres wypowiedzenia',
      'ترجمة عقد التوريد مع {company}',
    ],
    questions: [
      'Please compare the liability clause of {company} with our template.',
      'How long may we keep support transcripts of customers in {country}?',
    ],
    answers: [
      'Clause 9.2 caps liability at three months of fees; our template says twelve. Everything else is usual.',
      'The policy says 24 months unless the customer asks for less.',
    ],
  },
  people: {
    titles: [
      'First week checklist for {person}',
      'Interview plan: platform engineer, {city}',
      'Laptop and accounts for {person}',
      'How many vacation days carry over?',
      'Feedback round, {month}',
      'Intégration de {person}',
    ],
    questions: [
      '{person} starts on Monday in {city}. What must be ready?',
      'Can you plan four interviews next week with people from two teams?',
    ],
    answers: [
      'Accounts are requested, the laptop ships on Thursday, and {person} has a buddy. Missing: the badge photo.',
      'Proposed slots are in the shared calendar. Two interviewers still have to accept.',
    ],
  },
  incident: {
    titles: [
      'Elevated latency in {city} region',
      'Post-mortem: queue backlog in {month}',
      'Suspicious sign-ins at {company}',
      'Dependency alert in the gateway image',
      'Failover drill, {month}',
      'Störung: Zahlungen in {city}',
    ],
    questions: [
      'Latency doubled ten minutes ago. Start a timeline and tell me who is on call.',
      'Summarise the incident of {month} for customers, without blame.',
    ],
    answers: [
      'Timeline started. On call: {person}. First action: compare with the deploy of {version}.',
      'Between 09:12 and 09:47 UTC some requests were slow. No data was lost. A limit has been raised.',
    ],
  },
  data: {
    titles: [
      'Weekly active teams by country',
      'Why did trial conversions drop in {month}?',
      'Accounts at risk: {country}',
      'Cohort table for {version} adopters',
      'Revenue per seat, {month}',
      'Ventas por región, {month}',
    ],
    questions: [
      'How many teams were active last week in {country}, and how is the trend?',
      'Which accounts of {person} look like they will not renew?',
    ],
    answers: [
      '1,284 teams, up 3 percent on the week before. The table was refreshed this morning.',
      'Five accounts dropped below a third of their usual use. {company} is the largest.',
    ],
  },
};

const fillers: Readonly<Record<string, readonly string[]>> = {
  company: [
    'Northwind',
    'Café Żółw',
    'Atlas Freight',
    'Björk & Søn',
    '北辰科技',
    'Meridian Labs',
    'Ocaso SL',
    'Tallinn Grid',
  ],
  person: ['Zoë Brandão', 'Amara Okafor', 'Jürgen Weiß', 'Li Wen', 'Maya Lindqvist', 'Ilse de Wit'],
  month: ['January', 'March', 'May', 'July', 'September', 'October'],
  city: ['Łódź', 'Lisbon', 'Zürich', 'Osaka', 'Montréal', 'Nairobi'],
  country: ['Germany', 'Brazil', 'Japan', 'Türkiye', 'Canada'],
  version: ['4.2.0', '4.3.1', '5.0.0', '5.1.0', '5.1.2'],
};

/** One conversation: its texts speak of the same invoice, company and person. */
export interface Story {
  readonly title: string;
  readonly question: string;
  readonly answer: string;
}

export function storyOf(topic: Topic, random: Random): Story {
  const slots: Record<string, string> = {
    invoice: `INV-${20_000 + random.below(60_000)}`,
    ticket: `SUP-${1_000 + random.below(9_000)}`,
  };
  for (const [slot, choices] of Object.entries(fillers)) slots[slot] = random.pick(choices);
  const texts = textsOf[topic];
  const fill = (templates: readonly string[]): string =>
    random.pick(templates).replace(/\{(\w+)\}/g, (whole, slot: string) => slots[slot] ?? whole);
  return { title: fill(texts.titles), question: fill(texts.questions), answer: fill(texts.answers) };
}

/** People do paste a whole conversation into a title. */
export function longTitle(story: Story, length: number): string {
  const whole = `${story.title}: ${story.question} ${story.answer} `;
  return whole
    .repeat(Math.ceil(length / whole.length))
    .slice(0, length)
    .trimEnd()
    .padEnd(length, '.');
}

export const tags = ['urgent', 'customer', 'internal', 'emea', 'apac', 'follow-up', 'q4', 'beta', 'vip'] as const;
