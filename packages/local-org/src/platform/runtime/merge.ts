import { StoreError } from '../../store/types.ts';
import type { AccessMode, MergeOutcome } from '../services.ts';
import type { Apex } from '../types.ts';
import type { SObject } from '../values/index.ts';
import { dmlException } from '../values/index.ts';
import { toRow } from './records.ts';
import type { RuntimeView } from './view.ts';

/** Merges up to two duplicates into the master: one statement, its rows all records involved. */
export const mergeRecords = (
  $: RuntimeView,
  master: SObject,
  duplicates: Apex[],
  options: { allOrNone: boolean; access: AccessMode },
): MergeOutcome[] => {
  const { transaction } = $;
  const ids = duplicates.map((duplicate) =>
    typeof duplicate === 'string' ? duplicate : ($.nn(duplicate) as SObject).id!,
  );
  transaction.unit.governor.count('DmlStatements');
  transaction.unit.governor.count('DmlRows', ids.length + 1);
  transaction.unit.uncommitted = true;
  const row = toRow(transaction.store.schema, master, { droppable: (field) => !field.updateable || field.calculated });
  const result = merging(master.type, () =>
    transaction.store.merge(row, ids, transaction.access(options.access), $.triggerHost),
  );
  if (!result.success && options.allOrNone)
    throw dmlException('Merge', [{ index: 0, id: master.id, object: master.type, errors: result.errors }]);
  return [{ ...result, mergedRecordIds: result.success ? ids : [] }];
};

const merging = <T>(object: string, work: () => T): T => {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    throw dmlException('Merge', [
      { index: 0, id: null, object, errors: [{ code: error.code, message: error.message, fields: error.fields }] },
    ]);
  }
};
