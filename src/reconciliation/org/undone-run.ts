import type { RepairName } from '../types.ts';
import type { UndoReport } from '../repair/undo.ts';
import type { SalesforceClient } from '../../shared/salesforce/client.ts';
import { quoted, seconds } from '../../shared/salesforce/soql.ts';

const PATH = '/services/apexrest/concord/v1/undo';
/** What UndoResource takes in one call. */
const KEYS_A_CALL = 200;
/** Of refused records; the report has all. */
const MAX_NOTED = 100;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const ID = /^[a-z0-9]{15}([a-z0-9]{3})?$/i;

/** A run as the org knows it, with what it repaired by other means than values. */
export interface RunToUndo {
  runKey: string;
  /** The flow that it compared; null: it says none. */
  flow: string | null;
  /** `RUN-00000012`, or null when the org has no record of it. */
  name: string | null;
  /** Repairs that replaced no value, by the key of their record. */
  valueless: Map<string, RepairName>;
}

/** Finds a run by its name, its id or its key; a key that the org has no record of is taken as it is. Throws when there is none. */
export const readRunToUndo = async (client: SalesforceClient, run: string): Promise<RunToUndo> => {
  const field = UUID.test(run) ? 'Run_Key__c' : ID.test(run) ? 'Id' : 'Name';
  const [found] = await client.query(
    `SELECT Id, Name, Run_Key__c, Flow__c FROM Reconciliation_Run__c WHERE ${field} = ${quoted(run)}`,
  );
  if (!found) {
    if (field === 'Run_Key__c') return { runKey: run.toLowerCase(), flow: null, name: null, valueless: new Map() };
    throw new Error(`the org has no run ${run}; give the name, the id or the key of a run, as its report tells them`);
  }
  if (!found.Run_Key__c)
    throw new Error(`run ${String(found.Name)} changed no values: only comparisons of both sides carry them`);
  const repaired = await client.query(
    `SELECT Sync_Key__c, Repair__c FROM Discrepancy__c WHERE Repaired_By__c = ${quoted(String(found.Id))} AND Repair__c != 'carry by owner' ORDER BY Sync_Key__c`,
  );
  return {
    runKey: found.Run_Key__c as string,
    flow: (found.Flow__c ?? null) as string | null,
    name: String(found.Name),
    valueless: new Map(repaired.map((row) => [String(row.Sync_Key__c), row.Repair__c as RepairName])),
  };
};

/** What was refused, record by record: the run's note. */
const noteOf = (refused: UndoReport['records']): string | null =>
  refused.length === 0
    ? null
    : refused
        .slice(0, MAX_NOTED)
        .map(({ key, externalId, outcome }) => `${externalId ?? key}: ${outcome}`)
        .join('\n');

/** Stores in the org what was taken back. The same report again changes nothing. Answers the id of the run that tells it. */
export const recordUndo = async (client: SalesforceClient, report: UndoReport): Promise<string> => {
  const undone = report.records.filter(({ outcome }) => outcome === 'undone').map(({ key }) => key);
  const refused = report.records.filter(({ outcome }) => outcome.startsWith('refused'));
  let runId = '';
  for (let start = 0; start === 0 || start < undone.length; start += KEYS_A_CALL) {
    const answer = await client.post<{ runId: string }>(PATH, {
      runKey: report.runKey,
      undoes: report.undoes,
      startedAt: seconds(report.startedAt),
      finishedAt: seconds(report.finishedAt),
      undone: undone.length,
      left: refused.length,
      note: noteOf(refused),
      keys: undone.slice(start, start + KEYS_A_CALL),
    });
    ({ runId } = answer);
  }
  return runId;
};
