/** A session as the candidates without this project's engine hold it. */
export interface Row {
  readonly source: string;
  /** The id of the session among those of its source; with its agent's where that is needed to find it. */
  readonly key: string;
  readonly createdAt: string | null;
  /** The creation time in microseconds, as a text that sorts. */
  readonly moment: string;
  readonly status: Status;
  readonly title: string | null;
  readonly agentId: string | null;
}

export type Status = 'STARTING' | 'RUNNING' | 'WAITING' | 'IDLE' | 'FAILED' | 'ENDED' | 'UNKNOWN';

export interface Agent {
  readonly id: string;
  readonly name: string | null;
}

/** Of an ISO text in UTC; what has no time comes before all others. */
export function toMoment(text: string): string {
  if (text === '') return '';
  return `${text.slice(0, 19)}.${text
    .slice(20, text.endsWith('Z') ? -1 : undefined)
    .slice(0, 6)
    .padEnd(6, '0')}`;
}

export function toTitle(text: string | null | undefined): string | null {
  return text === undefined || text === '' ? null : text;
}

/** Newest first; what has the same moment in a fixed order. */
export function compareRows(left: Place, right: Place): number {
  if (left.moment !== right.moment) return left.moment < right.moment ? 1 : -1;
  if (left.source !== right.source) return left.source < right.source ? 1 : -1;
  return left.key === right.key ? 0 : left.key < right.key ? 1 : -1;
}

export interface Place {
  readonly moment: string;
  readonly source: string;
  readonly key: string;
}
