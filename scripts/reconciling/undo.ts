import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { readRunToUndo, recordUndo, type RunToUndo } from '../../src/reconciliation/org/undone-run.ts';
import { undo, type UndoReport } from '../../src/reconciliation/repair/undo.ts';
import type { ExternalRequest } from '../../src/reconciliation/sides/external-records.ts';
import type { SalesforceClient } from '../../src/reconciliation/sides/salesforce-client.ts';
import type { Clock } from 'kernel/clock.ts';
import type { ReconcileArguments } from './arguments.ts';

export interface UndoPorts {
  org: SalesforceClient;
  external: ExternalRequest;
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

/** `--undo RUN`. Answers the exit code. */
export const undoRun = async (
  { undo: run, key, dryRun, record, json }: ReconcileArguments & { undo: string },
  { org, external, clock }: UndoPorts,
): Promise<number> => {
  const found = await readRunToUndo(org, run);
  const { runKey: undoes, valueless } = found;
  const report = await undo({ external, clock, runKey: randomUUID(), undoes, key, dryRun, valueless });
  const text = `${JSON.stringify(report, null, 2)}\n`;
  process.stdout.write(json === '-' ? text : renderUndo(found, report));
  if (json && json !== '-') await writeFile(json, text, { mode: 0o600 });
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
  return report.records.some(({ outcome }) => outcome.startsWith('refused')) ? 1 : 0;
};
