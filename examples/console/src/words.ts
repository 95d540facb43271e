const labels: Readonly<Record<string, string>> = {
  FOUNDRY: 'Azure AI Foundry',
  EVERRUNS: 'Everruns',
  AGENTSCOPE: 'AgentScope',
  AGNO: 'Agno',
  STARTING: 'Starting',
  RUNNING: 'Running',
  WAITING: 'Waiting',
  IDLE: 'Idle',
  FAILED: 'Failed',
  ENDED: 'Ended',
  UNKNOWN: 'Not reported',
};

/** A word of the graph as people read it: `WAITING_FOR_APPROVAL` is `Waiting for approval`. */
export function toLabel(word: string): string {
  const text = word.toLowerCase().replaceAll('_', ' ');
  return labels[word] ?? text.charAt(0).toUpperCase() + text.slice(1);
}

export const plural = (count: number, noun: string): string =>
  `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;
