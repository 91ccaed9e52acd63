import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { sliceOfDay } from '../src/reconciliation/find/audit.ts';
import { closeBreaker } from '../src/reconciliation/org/close-breaker.ts';
import { recordFailure, recordRun } from '../src/reconciliation/org/record.ts';
import { requestAgain } from '../src/reconciliation/org/request-again.ts';
import { readOrgState } from '../src/reconciliation/org/state.ts';
import { reconcile } from '../src/reconciliation/reconcile.ts';
import type { ReconciliationReport } from '../src/reconciliation/report.ts';
import type { AuditTrail } from '../src/reconciliation/trail/types.ts';
import { WHOLE_RANGE } from '../src/reconciliation/types.ts';
import { ShiftableClock } from 'kernel/clock.ts';
import { connectTo, connectToTarget, type OrgConnection } from '../src/story/org/connect.ts';
import { readReconcileArguments, RECONCILE_USAGE, type ReconcileArguments } from './reconciling/arguments.ts';
import { renderHtml } from './reconciling/html.ts';
import { auditTrail, externalRequest, salesforceClient } from './reconciling/sides.ts';
import { renderLateness, renderRecorded, renderText } from './reconciling/text.ts';
import { undoRun } from './reconciling/undo.ts';
import { runCommand, UnusableInput } from 'kernel/command-line.ts';
import { findRunning } from '../src/story/running.ts';

interface Sides {
  connection: OrgConnection;
  externalUrl: string;
  externalToken: string;
  trail: AuditTrail | null;
  clockOffsetMs: number;
}

const trailAt = (url: string | null): AuditTrail | null => {
  if (url === null) return null;
  const token = process.env.MIDDLE_LAYER_OPERATOR_TOKEN;
  if (!token)
    throw new UnusableInput(
      "MIDDLE_LAYER_OPERATOR_TOKEN is not set; put the secret of the middle layer's operators there",
    );
  return auditTrail(url, token);
};

const sidesOf = async (args: ReconcileArguments): Promise<Sides> => {
  if (args.targetOrg === null) {
    const running = await findRunning();
    return {
      connection: await connectTo(running),
      externalUrl: running.externalUrl,
      externalToken: running.externalToken,
      trail: auditTrail(running.middleLayerUrl, running.operatorToken),
      clockOffsetMs: running.clockOffsetMs,
    };
  }
  const externalToken = process.env.EXTERNAL_TOKEN;
  if (!externalToken) throw new UnusableInput("EXTERNAL_TOKEN is not set; put the external system's secret there");
  return {
    connection: await connectToTarget(args.targetOrg),
    externalUrl: args.externalUrl!,
    externalToken,
    trail: trailAt(args.middleLayerUrl),
    clockOffsetMs: 0,
  };
};

const main = async (): Promise<number> => {
  const args = readReconcileArguments(process.argv.slice(2));
  if (args === 'help') {
    process.stdout.write(`${RECONCILE_USAGE}\n`);
    return 0;
  }
  const { connection, externalUrl, externalToken, trail, clockOffsetMs } = await sidesOf(args);
  const clock = new ShiftableClock(clockOffsetMs);
  const org = salesforceClient(connection);
  const external = externalRequest(externalUrl, externalToken);
  if (args.undo !== null) return undoRun({ ...args, undo: args.undo }, { org, external, clock });
  if (args.closeBreaker) await closeBreaker(org);
  const state = await readOrgState(org, clock.now());
  process.stderr.write(renderLateness(state));
  const client = salesforceClient(connection, args.maxApiCalls ?? undefined);
  const [runKey, startedAt] = [randomUUID(), clock.now()];
  const report = await reconcile({
    ...state,
    salesforce: client,
    external,
    clock,
    dryRun: args.dryRun,
    confirmWaitMs: args.confirmSeconds * 1_000,
    runKey,
    requestAgain: (cases) => requestAgain(org, cases),
    ...(trail === null ? {} : { trail }),
    ...(args.closeBreaker ? { breakerLeast: Number.POSITIVE_INFINITY } : {}),
    ...(args.audit === null ? {} : { audit: args.audit === 'all' ? WHOLE_RANGE : sliceOfDay(clock.now()) }),
    ...(args.since === null ? {} : { since: args.since }),
  }).catch(async (error: Error) => {
    if (args.record) {
      const iso = (at: number): string => new Date(at).toISOString();
      const failure = {
        runKey,
        startedAt: iso(startedAt),
        finishedAt: iso(clock.now()),
        reason: error.message,
        apiCalls: client.calls,
      };
      await recordFailure(org, failure).catch((also: Error) =>
        process.stderr.write(`the failure could not be recorded: ${also.message}\n`),
      );
    }
    throw error;
  });
  await writeReport(report, args);
  if (args.record) process.stderr.write(renderRecorded(await recordRun(org, report)));
  const agreed = report.verdict === 'equal' || report.verdict === 'repaired';
  return agreed && report.auditFailure === null ? 0 : 1;
};

const writeReport = async (report: ReconciliationReport, { json, html }: ReconcileArguments): Promise<void> => {
  const text = `${JSON.stringify(report, null, 2)}\n`;
  process.stdout.write(json === '-' ? text : renderText(report));
  if (json && json !== '-') await writeFile(json, text, { mode: 0o600 });
  if (html) await writeFile(html, renderHtml(report), { mode: 0o600 });
};

await runCommand(main);
