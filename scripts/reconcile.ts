import { writeFile } from 'node:fs/promises';
import { sliceOfDay } from '../src/reconciliation/find/audit.ts';
import { reconcile } from '../src/reconciliation/reconcile.ts';
import type { ReconciliationReport } from '../src/reconciliation/report.ts';
import { WHOLE_RANGE } from '../src/reconciliation/types.ts';
import { KINDS } from '../src/reconciliation/kinds.ts';
import { ShiftableClock } from '../src/shared/clock.ts';
import { connectTo, connectToTarget, type OrgConnection } from './org/connect.ts';
import { readReconcileArguments, RECONCILE_USAGE, type ReconcileArguments } from './reconciling/arguments.ts';
import { renderHtml } from './reconciling/html.ts';
import { externalRequest, requestAgainBy, salesforceClient } from './reconciling/sides.ts';
import { UnusableInput } from './seeding/types.ts';
import { findRunning } from './story/running.ts';

interface Sides {
  connection: OrgConnection;
  externalUrl: string;
  externalToken: string;
  clockOffsetMs: number;
}

const sidesOf = async (args: ReconcileArguments): Promise<Sides> => {
  if (args.targetOrg === null) {
    const running = await findRunning();
    return {
      connection: await connectTo(running),
      externalUrl: running.externalUrl,
      externalToken: running.externalToken,
      clockOffsetMs: running.clockOffsetMs,
    };
  }
  const externalToken = process.env.EXTERNAL_TOKEN;
  if (!externalToken) throw new UnusableInput("EXTERNAL_TOKEN is not set; put the external system's secret there");
  return {
    connection: await connectToTarget(args.targetOrg),
    externalUrl: args.externalUrl!,
    externalToken,
    clockOffsetMs: 0,
  };
};

const render = (report: ReconciliationReport): string =>
  [
    `${report.verdict}${report.dryRun ? ' (dry run)' : ''}: ${report.totals.salesforce.count} Cases, ${report.totals.external.count} records outside, ${report.discrepancies.length} discrepancies, ${report.inFlight} in flight, ${report.apiCalls} API calls`,
    ...(report.audit
      ? [`audited ${report.audit.records} Cases, ${report.audit.suspects} digests do not fit their values`]
      : []),
    ...(report.note ? [report.note] : []),
    ...report.discrepancies.flatMap(({ kind, caseId, externalId, detail, repair, outcome }) => [
      `  ${kind}: Case ${caseId ?? '–'}, outside ${externalId ?? '–'}: ${detail}`,
      `    ${repair ? `${repair.do}: ${outcome}` : `${KINDS[kind].owner}: ${KINDS[kind].action}`}`,
    ]),
    '',
  ].join('\n');

const main = async (): Promise<number> => {
  const args = readReconcileArguments(process.argv.slice(2));
  if (args === 'help') {
    process.stdout.write(`${RECONCILE_USAGE}\n`);
    return 0;
  }
  const { connection, externalUrl, externalToken, clockOffsetMs } = await sidesOf(args);
  const { records } = await connection.query<{ Grace_Minutes__c: number }>(
    'SELECT Grace_Minutes__c FROM Concord_Setting__mdt LIMIT 1',
  );
  const clock = new ShiftableClock(clockOffsetMs);
  const report = await reconcile({
    salesforce: salesforceClient(connection, args.maxApiCalls ?? undefined),
    external: externalRequest(externalUrl, externalToken),
    clock,
    graceMs: (records[0]?.Grace_Minutes__c ?? 15) * 60_000,
    dryRun: args.dryRun,
    requestAgain: requestAgainBy(connection),
    ...(args.audit === null ? {} : { audit: args.audit === 'all' ? WHOLE_RANGE : sliceOfDay(clock.now()) }),
    ...(args.since === null ? {} : { since: args.since }),
  });
  if (args.json === '-') process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  else process.stdout.write(render(report));
  if (args.json && args.json !== '-') await writeFile(args.json, `${JSON.stringify(report, null, 2)}\n`);
  if (args.html) await writeFile(args.html, renderHtml(report));
  return report.verdict === 'equal' || report.verdict === 'repaired' ? 0 : 1;
};

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = error instanceof UnusableInput ? 2 : 1;
}
process.exit();
