import { startCompany } from '../examples/company/company.ts';
import type { Check } from './check.ts';
import { auditChecks } from './checks/audits.ts';
import { breakingChangeChecks } from './checks/breaking-changes.ts';
import { clientChecks } from './checks/clients.ts';
import { compositionChecks } from './checks/composition.ts';
import { demandControlChecks } from './checks/demand-control.ts';
import { exampleChecks } from './checks/examples.ts';
import { gatewayChecks } from './checks/gateways.ts';
import { lintChecks } from './checks/lint.ts';
import { relayCompilerChecks } from './checks/relay-compiler.ts';
import { subscriptionChecks } from './checks/subscriptions.ts';
import { traceChecks } from './checks/traces.ts';
import { typeChecks } from './checks/types.ts';
import { type Result, writeReport } from './report.ts';

// A size that every client can walk, and that still takes several pages of each platform.
const company = await startCompany(400);
const results: Result[] = [];
try {
  const checks: readonly Check[] = [
    ...compositionChecks(company),
    ...gatewayChecks(company),
    ...subscriptionChecks(company.sessions.sdl),
    ...demandControlChecks(company),
    ...traceChecks(company),
    ...auditChecks(company.sessions),
    ...relayCompilerChecks(),
    ...clientChecks(company.sessions),
    ...lintChecks(),
    ...breakingChangeChecks(),
    ...exampleChecks(),
    ...typeChecks(),
  ];
  for (const check of checks) results.push(await carryOut(check));
} finally {
  await company.close();
}
writeReport(results);
const failed = results.filter(({ passed }) => !passed).length;
process.exitCode = failed === 0 ? 0 : 1;
process.stdout.write(`${results.length - failed} passed, ${failed} failed\n`);

async function carryOut(check: Check): Promise<Result> {
  const result = await check.run().then(
    (figures) => ({ check, passed: true, figures }),
    (error: unknown) => ({ check, passed: false, figures: error instanceof Error ? error.message : String(error) }),
  );
  process.stdout.write(
    `${result.passed ? 'ok  ' : 'FAIL'} ${check.name} (${check.tools.join(', ')}): ${result.figures}\n`,
  );
  return result;
}
