import { compare as prove, type Proof } from '../../../src/flows/cases/told/proof/compare.ts';
import { readExternal, readFailedRequests } from '../../../src/flows/cases/told/proof/read-external.ts';
import { readSalesforce } from '../../../src/flows/cases/told/proof/read-salesforce.ts';
import type { System } from '../../../src/flows/cases/told/system.ts';
import type { ReconcileOptions } from '../../../src/reconciliation/reconcile.ts';
import type { ReconciliationReport } from '../../../src/reconciliation/report.ts';
import { settle } from '../../../src/story/settle.ts';
import { compare } from './compare.ts';

const PAST_GRACE = 20 * 60_000;

/** Compares and repairs once the last movement is no longer taken for work under way, however much differs. */
export const compareAtRest = async (
  system: System,
  options: Partial<ReconcileOptions> = {},
): Promise<ReconciliationReport> => {
  await system.advance(PAST_GRACE);
  await settle(system);
  const report = await compare(system, { breakerShare: 1, ...options });
  await settle(system);
  return report;
};

/** Both sides, record by record, value by value. */
export const proofOf = async (system: System): Promise<Proof> =>
  prove(
    await readSalesforce(system.admin),
    await readExternal(system.external.url, system.externalToken),
    await readFailedRequests(system.external.url, system.externalToken),
  );
