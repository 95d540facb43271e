const labels: Readonly<Record<string, string>> = {
  FOUNDRY: 'Azure AI Foundry',
  EVERRUNS: 'Everruns',
  AGENTSCOPE: 'AgentScope',
  AGNO: 'Agno',
  IN_PROGRESS: 'Writing',
  UNKNOWN: 'Not reported',
  CREATED_AT: 'Created',
  UPDATED_AT: 'Last active',
};

/** A word of the graph as people read it: `WAITING_FOR_APPROVAL` is `Waiting for approval`, and `cpuCount` is `Cpu count`. */
export function toLabel(word: string): string {
  const text = (/[a-z]/.test(word) ? word.replace(/[A-Z]/g, ' $&') : word).toLowerCase().replaceAll('_', ' ');
  return labels[word] ?? text.charAt(0).toUpperCase() + text.slice(1);
}
