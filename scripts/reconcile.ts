import { randomUUID } from 'node:crypto';
import { sliceOfDay } from '../src/reconciliation/find/content-check.ts';
import { recordFailure, recordRun } from '../src/reconciliation/org/record.ts';
import { closeBreaker, readOrgState } from '../src/reconciliation/org/state.ts';
import { flows } from '../src/flows/index.ts';
import type { ComparedObject } from '../src/reconciliation/compared-object.ts';
import { reconcile } from '../src/reconciliation/reconcile.ts';
import type { ReconciliationReport } from '../src/reconciliation/report.ts';
import type { AuditTrail } from '../src/reconciliation/trail/types.ts';
import { WHOLE_RANGE, type ExternalRequest } from '../src/reconciliation/types.ts';
import type { SalesforceClient } from '../src/shared/salesforce/client.ts';
import { variablesOf } from '../src/middle-layer/variables.ts';
import { tryReport } from '../src/shared/write-report.ts';
import { ShiftableClock, type Clock } from 'kernel/clock.ts';
import { connectTo, connectToTarget, type OrgConnection } from '../src/story/org/connect.ts';
import { readReconcileArguments, RECONCILE_USAGE, type ReconcileArguments } from './reconciling/arguments.ts';
import { renderHtml } from './reconciling/html.ts';
import { auditTrail, externalRequest, salesforceClient, type ExternalOf } from './reconciling/sides.ts';
import { renderLateness, renderRecorded, renderText } from './reconciling/text.ts';
import { undoRun } from './reconciling/undo.ts';
import { runCommand, UnusableInput } from 'kernel/command-line.ts';
import { findRunningMiddleLayer } from '../src/story/running.ts';

interface Sides {
  connection: OrgConnection;
  /** The external system of each flow that is compared. */
  externalOf: ExternalOf;
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

const externalToken = (flow: string): string => {
  const { token: name } = variablesOf(flow);
  const token = process.env[name];
  if (!token)
    throw new UnusableInput(`${name} is not set; put the secret of the external system of the flow ${flow} there`);
  return token;
};

const sidesOf = async (args: ReconcileArguments): Promise<Sides> => {
  if (args.targetOrg === null) {
    const running = await findRunningMiddleLayer();
    return {
      connection: await connectTo(running),
      externalOf: (flow) => {
        const external = running.externals[flow];
        if (!external)
          throw new UnusableInput(`what npm start keeps running has no external system of the flow ${flow}`);
        return externalRequest(external.url, external.token);
      },
      trail: auditTrail(running.middleLayerUrl, running.operatorToken),
      clockOffsetMs: running.clockOffsetMs,
    };
  }
  const tokens = new Map(args.flows.map((flow) => [flow, externalToken(flow)]));
  return {
    connection: await connectToTarget(args.targetOrg),
    externalOf: (flow) => externalRequest(args.externalUrls.get(flow)!, tokens.get(flow)!),
    trail: trailAt(args.middleLayerUrl),
    clockOffsetMs: 0,
  };
};

/** What the flows of these names compare. */
const comparedBy = (names: string[]): Promise<ComparedObject[]> =>
  Promise.all(
    flows.filter(({ name }) => names.includes(name)).flatMap(({ compared }) => (compared ? [compared()] : [])),
  );

interface Reach extends Pick<Sides, 'connection' | 'trail'> {
  /** The org, with no budget of calls. */
  org: SalesforceClient;
  external: ExternalRequest;
  clock: Clock;
}

/** Compares one flow, and records the run. Also a failure is recorded, so that the org's people are alerted; then it rejects. */
const compareOne = async (
  compared: ComparedObject,
  args: ReconcileArguments,
  { connection, trail, org, external, clock }: Reach,
): Promise<ReconciliationReport> => {
  const state = await readOrgState(org, compared, clock.now());
  process.stderr.write(renderLateness(state));
  const client = salesforceClient(connection, args.maxApiCalls ?? undefined);
  const [runKey, startedAt] = [randomUUID(), clock.now()];
  const report = await reconcile({
    ...state,
    compared,
    salesforce: client,
    org,
    external,
    clock,
    dryRun: args.dryRun,
    makesAgain: args.makeAgain,
    confirmWaitMs: args.confirmSeconds * 1_000,
    runKey,
    ...(trail === null ? {} : { trail }),
    ...(args.closeBreaker ? { breakerLeast: Number.POSITIVE_INFINITY } : {}),
    ...(args.contentCheck === null
      ? {}
      : { contentCheck: args.contentCheck === 'all' ? WHOLE_RANGE : sliceOfDay(clock.now()) }),
    ...(args.since === null ? {} : { since: args.since }),
  }).catch(async (error: Error) => {
    if (args.record) {
      const iso = (at: number): string => new Date(at).toISOString();
      const failure = {
        flow: compared.flow,
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
  if (args.json !== '-') process.stdout.write(renderText(report));
  return report;
};

const exitCodeOf = ({ verdict, contentCheckFailure }: ReconciliationReport): number =>
  (verdict === 'equal' || verdict === 'repaired') && contentCheckFailure === null ? 0 : 1;

const main = async (): Promise<number> => {
  const names = flows.flatMap(({ name, compared }) => (compared ? [name] : []));
  const args = readReconcileArguments(process.argv.slice(2), names);
  if (args === 'help') {
    process.stdout.write(`${RECONCILE_USAGE}\n`);
    return 0;
  }
  const { connection, externalOf, trail, clockOffsetMs } = await sidesOf(args);
  const clock = new ShiftableClock(clockOffsetMs);
  if (args.since !== null && args.since > clock.now())
    throw new UnusableInput('--since is in the future: nothing would be compared');
  const org = salesforceClient(connection);
  const compared = await comparedBy(args.flows);
  if (args.undo !== null) return undoRun({ ...args, undo: args.undo }, { compared, org, externalOf, clock });
  const reports: ReconciliationReport[] = [];
  let exitCode = 0;
  for (const one of compared) {
    // what keeps one flow from being compared says nothing of the others
    try {
      if (args.closeBreaker) await closeBreaker(org, one.flow);
      const report = await compareOne(one, args, { connection, trail, org, external: externalOf(one.flow), clock });
      reports.push(report);
      exitCode = Math.max(exitCode, exitCodeOf(report));
      if (args.record) process.stderr.write(renderRecorded(await recordRun(org, report)));
    } catch (error) {
      exitCode = 1;
      process.stderr.write(`${one.flow}: ${(error as Error).message}\n`);
    }
  }
  return (await writeReports(reports, args)) ? exitCode : 1;
};

/** False when a file could not be written, which is told: the run itself is done, and recorded. */
const writeReports = async (reports: ReconciliationReport[], { json, html }: ReconcileArguments): Promise<boolean> => {
  const text = `${JSON.stringify(reports, null, 2)}\n`;
  if (json === '-') process.stdout.write(text);
  const problems = [
    json && json !== '-' ? await tryReport(json, text) : null,
    html ? await tryReport(html, renderHtml(...reports)) : null,
  ].filter((problem) => problem !== null);
  for (const problem of problems) process.stderr.write(`${problem}\n`);
  return problems.length === 0;
};

await runCommand(main);
