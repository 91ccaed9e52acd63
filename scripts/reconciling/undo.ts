import { randomUUID } from 'node:crypto';
import { readRunToUndo, recordUndo, type RunToUndo } from '../../src/reconciliation/org/undone-run.ts';
import { undo, type UndoReport } from '../../src/reconciliation/repair/undo.ts';
import type { ComparedObject } from '../../src/reconciliation/compared-object.ts';
import { tryReport } from '../../src/shared/write-report.ts';
import type { SalesforceClient } from '../../src/shared/salesforce/client.ts';
import type { Clock } from 'kernel/clock.ts';
import type { ExternalOf } from './sides.ts';
import { UnusableInput } from 'kernel/command-line.ts';
import type { ReconcileArguments } from './arguments.ts';

export interface UndoPorts {
  /** What the flows that may be meant compare. */
  compared: ComparedObject[];
  org: SalesforceClient;
  externalOf: ExternalOf;
  clock: Clock;
}

/** What was asked for and what it came to, for a terminal: names of fields, never values. */
export const renderUndo = ({ name, runKey }: RunToUndo, report: UndoReport): string => {
  const count = (is: (outcome: string) => boolean): number =>
    report.records.filter(({ outcome }) => is(outcome)).length;
  const done = report.dryRun ? 'planned' : 'undone';
  const refused = count((outcome) => outcome.startsWith('refused'));
  return [
    `undo of ${name ?? 'run'} ${runKey}${report.dryRun ? ' (dry run)' : ''}: ${count((outcome) => outcome === done)} ${done}, ${refused} refused, ${report.records.length} repairs looked at`,
    ...report.records.map(
      ({ key, externalId, repair, fields, outcome }) =>
        `  ${externalId ?? key}, ${repair}: ${fields.join(', ') || 'no value was replaced'}: ${outcome}`,
    ),
    ...(count((outcome) => outcome === 'undone') === 0
      ? []
      : [`this undo is run ${report.runKey}: it can be undone itself`]),
    '',
  ].join('\n');
};

/** What the run compared: its flow's, or the only one there is. */
const comparedBy = (run: string, { flow }: RunToUndo, all: ComparedObject[]): ComparedObject => {
  const fitting = flow === null ? all : all.filter((compared) => compared.flow === flow);
  const names = all.map((compared) => compared.flow).join(', ');
  if (fitting.length === 1) return fitting[0]!;
  throw new UnusableInput(
    flow === null
      ? `the org does not say what run ${run} compared: give --flow, one of ${names}`
      : `run ${run} compared the flow ${flow}; --flow leaves only ${names}`,
  );
};

/** `--undo RUN`. Answers the exit code. */
export const undoRun = async (
  { undo: run, key, dryRun, record, json }: ReconcileArguments & { undo: string },
  { compared: all, org, externalOf, clock }: UndoPorts,
): Promise<number> => {
  const found = await readRunToUndo(org, run);
  const { runKey: undoes, valueless } = found;
  const compared = comparedBy(run, found, all);
  const external = externalOf(compared.flow);
  const report = await undo({ compared, external, clock, runKey: randomUUID(), undoes, key, dryRun, valueless });
  const text = `${JSON.stringify(report, null, 2)}\n`;
  process.stdout.write(json === '-' ? text : renderUndo(found, report));
  const unwritten = json && json !== '-' ? await tryReport(json, text) : null;
  if (unwritten) process.stderr.write(`${unwritten}\n`);
  if (report.records.length === 0) {
    process.stderr.write(`run ${run} repaired ${key === null ? 'nothing' : `nothing of ${key}`}: nothing to undo\n`);
  }
  const changed = report.records.some(({ outcome }) => outcome === 'undone' || outcome.startsWith('refused'));
  if (record && changed) {
    const runId = await recordUndo(org, report).catch((error: Error) => {
      throw new Error(`undone as told above, but the org could not record it: ${error.message}`);
    });
    process.stderr.write(`recorded as run ${runId}\n`);
  }
  return unwritten || report.records.some(({ outcome }) => outcome.startsWith('refused')) ? 1 : 0;
};
