import { randomUUID } from 'node:crypto';
import { ShiftableClock } from 'kernel/clock.ts';
import { externalRequest, salesforceClient } from '../../../scripts/reconciling/sides.ts';
import { comparedCase } from '../../../src/flows/cases/compared/case.ts';
import type { System } from '../../../src/flows/cases/told/system.ts';
import { readOrgState } from '../../../src/reconciliation/org/state.ts';
import { reconcile, type ReconcileOptions } from '../../../src/reconciliation/reconcile.ts';
import type { ReconciliationReport } from '../../../src/reconciliation/report.ts';
import type { SalesforceClient } from '../../../src/shared/salesforce/client.ts';
import { swept } from './swept.ts';

/** Compares and repairs as `npm run reconcile` does it, as whoever `logIn` makes a client for: the administrator, when nobody is named. */
export const compare = async (
  system: System,
  options: Partial<ReconcileOptions> = {},
  logIn: () => SalesforceClient | Promise<SalesforceClient> = () => salesforceClient(system.admin),
): Promise<ReconciliationReport> => {
  await swept(system);
  const clock = new ShiftableClock(system.offset());
  const org = await logIn();
  return reconcile({
    compared: comparedCase,
    ...(await readOrgState(org, comparedCase, clock.now())),
    salesforce: org,
    external: externalRequest(system.external.url, system.externalToken),
    clock,
    dryRun: false,
    confirmWaitMs: 30_000,
    runKey: randomUUID(),
    org,
    ...options,
  });
};
