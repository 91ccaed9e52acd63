import { writeFile } from 'node:fs/promises';
import { compare } from './proof/compare.ts';
import { readExternal, readFailedRequests } from './proof/read-external.ts';
import { readSalesforce } from './proof/read-salesforce.ts';
import { assignPermissionSet, PERMISSION_SETS } from './org/set-up.ts';
import { checkAgainstOrg, prepareInput, seedRows } from './seeding/seed.ts';
import type { StoryArguments } from './arguments.ts';
import type { Progress } from './progress.ts';
import type { Report } from './report.ts';
import { settle } from './settle.ts';
import { startSystem, type System } from './system.ts';
import type { FaultPlan } from '../external-system/faults/faults.ts';

/** What the default story loses: a tenth of the acknowledgements and write-backs, after telling their sender that they arrived. */
export const DEFAULT_FAULTS: Partial<FaultPlan> = {
  loseIncoming: { acknowledge: 0.1, writeBack: 0.1 },
  duplicate: 0.05,
  reorder: 0.3,
};
const DOWNTIME_MS = 30_000;

interface RunTotals {
  requests: number | null;
  writeBacks: number | null;
  failed: number | null;
  repaired: number | null;
  runs: number;
}

const runRecords = async ({ admin }: System): Promise<RunTotals> => {
  const { records } = await admin.query<RunTotals>(
    'SELECT COUNT(Id) runs, SUM(Found_Lost_Requests__c) requests, SUM(Found_Lost_Write_Backs__c) writeBacks, SUM(Found_Failed_Due__c) failed, SUM(Recovered__c) repaired FROM Reconciliation_Run__c',
  );
  return records[0]!;
};

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Waits until the external system has registered `count` cases, at most 20 s. */
const untilRegistered = async (system: System, count: number): Promise<void> => {
  for (let tries = 0; tries < 400; tries++) {
    const cases = await readExternal(system.external.url, system.externalToken);
    if (cases.length >= count) return;
    await wait(50);
  }
};

const breakThings = async (system: System, seeded: number, progress: Progress): Promise<Record<string, number>> => {
  await untilRegistered(system, Math.ceil(seeded / 4));
  await system.crash('middleLayer');
  progress.say('middle layer killed in the middle of its work, and started again on its database');
  await system.external.control.post('/control/downtime', { ms: DOWNTIME_MS });
  progress.say(`external system down for ${DOWNTIME_MS / 1000} s`);
  return { 'middle layer killed': 1 };
};

/** The whole story on the local parts; resolves with the report, and the system still running. */
export const runStory = async (
  args: StoryArguments,
  progress: Progress,
): Promise<{ system: System; report: Report }> => {
  const began = performance.now();
  const input = await prepareInput(args.input, args.map);
  progress.say(
    `${input.rows.length} rows to seed${input.rejected.length ? `, ${input.rejected.length} rejected` : ''}`,
  );
  const system = await startSystem({ seed: args.seed, faults: args.faults ? DEFAULT_FAULTS : {} });
  try {
    progress.say(
      `local org at ${system.org.instanceUrl}, middle layer at ${system.middleLayer.url}, external system at ${system.external.url}`,
    );
    for (const name of PERMISSION_SETS.admin) await assignPermissionSet(system.admin, system.org.info.userId, name);
    await checkAgainstOrg(system.admin, input.mapping);
    const { seeded, rejected } = await seedRows(system.admin, input, (done) =>
      progress.show(`${done} of ${input.rows.length} rows seeded`),
    );
    progress.say(`${seeded.length} Cases created; the trigger stamped each of them`);
    const faults: Record<string, number> = args.faults ? await breakThings(system, seeded.length, progress) : {};
    const passed = await settle(system, (now) => {
      progress.show(
        `pending in Salesforce ${now.pending}, between ${now.queuedBetween}, unsettled outside ${now.unsettledOutside}, +${Math.round(system.offset() / 60_000)} min`,
      );
    });
    progress.say('nothing is pending on any side: now both sides are read again and compared');

    const [salesforce, external, failedOutside, totals, calls, injected, outside] = await Promise.all([
      readSalesforce(system.admin),
      readExternal(system.external.url, system.externalToken),
      readFailedRequests(system.external.url, system.externalToken),
      runRecords(system),
      system.apiCalls(),
      system.external.control.get<{ counts: Record<string, number> }>('/control/faults'),
      system.external.control.get<{ retriggered: number }>('/control/idle'),
    ]);
    const proof = compare(salesforce, external, failedOutside);
    const rowOf = new Map(seeded.map((row) => [row.id, row]));
    const refused = proof.failed.map((record) => {
      const row = rowOf.get(record.id);
      const name = row?.name === undefined ? {} : { name: row.name };
      return {
        row: row?.row ?? 0,
        ...name,
        field: failedOutside.get(record.key) ?? null,
        reason: `${record.errorCode}: ${record.error}`,
      };
    });
    const report: Report = {
      cases: seeded.length,
      synced: proof.synced,
      failed: proof.failed.length,
      rejected: [...input.rejected, ...rejected, ...refused].sort((a, b) => a.row - b.row),
      faultsInjected: { ...injected.counts, ...faults },
      discrepanciesFound: (totals.requests ?? 0) + (totals.writeBacks ?? 0) + (totals.failed ?? 0),
      discrepanciesRepaired: totals.repaired ?? 0,
      discrepanciesLeft: proof.differences.length,
      duplicates: proof.duplicates,
      differences: proof.differences,
      reconciliationRuns: totals.runs,
      retriggeredOutside: outside.retriggered,
      apiCalls: calls,
      clockMinutes: passed / 60_000,
      seconds: (performance.now() - began) / 1000,
    };
    if (args.report) await writeFile(args.report, `${JSON.stringify(report, null, 2)}\n`, { mode: 0o600 });
    return { system, report };
  } catch (error) {
    await system.stop();
    throw error;
  }
};
