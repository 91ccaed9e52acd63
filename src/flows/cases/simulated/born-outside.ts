import { HOSTILE } from '../../../shared/sample.ts';
import type { Ledger } from '../../../simulation/ledger.ts';
import type { World } from '../../../simulation/world.ts';

const { recordType, queue, parent } = HOSTILE.bornOutside;

interface Row extends Record<string, unknown> {
  Id: string;
  Sync_Key__c: string;
  OwnerId: string;
  RecordType: { DeveloperName: string } | null;
}

/**
 * Of Cases that came from outside into an org that has its own idea of them: whose is not of the record type, does not
 * belong to the queue, or has not the parent that the record names. A line each.
 */
export const misplaced = async (world: World, ledger: Ledger): Promise<string[]> => {
  if (!world.hosted) return [];
  const [owner] = await world.query<{ Id: string }>(
    `SELECT Id FROM Group WHERE Type = 'Queue' AND DeveloperName = '${queue}'`,
  );
  const parents = await world.query<Record<string, string>>(`SELECT Id, ${parent.field} FROM ${parent.object}`);
  const parentOf = new Map(parents.map((row) => [row[parent.field]!, row['Id']!]));
  const rows = await world.query<Row>(
    `SELECT Id, Sync_Key__c, OwnerId, ${parent.lookup}, RecordType.DeveloperName FROM Case ORDER BY Id`,
  );
  return rows.flatMap((row) => {
    const values = ledger.bornOutside.get(row.Sync_Key__c);
    if (!values) return [];
    const named = values[parent.named]?.toLowerCase();
    const wanted = named === undefined ? null : (parentOf.get(named) ?? null);
    return [
      ...(row.RecordType?.DeveloperName === recordType ? [] : [`Case ${row.Id} is no ${recordType}`]),
      ...(row.OwnerId === owner!.Id ? [] : [`Case ${row.Id} does not belong to ${queue}`]),
      ...(row[parent.lookup] === wanted
        ? []
        : [`Case ${row.Id} has the parent ${String(row[parent.lookup])}, not ${wanted}`]),
    ];
  });
};
