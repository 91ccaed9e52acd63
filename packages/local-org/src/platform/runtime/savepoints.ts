/** Database.setSavepoint, rollback and releaseSavepoint. Page: "Transaction Control". */
import { apexException } from '../values/index.ts';
import type { ApexTransaction } from './transaction.ts';

/** Counts as a DML statement, as rolling back does. */
export const setSavepoint = ({ unit, storeTransaction }: ApexTransaction): number => {
  unit.governor.count('DmlStatements');
  const savepoint = storeTransaction.savepoint();
  unit.savepoints.set(savepoint, { uncommittedBefore: unit.uncommitted, rolledBack: false });
  return savepoint;
};

/** Later savepoints are void afterwards. Ids in memory and static variables stay as they are. */
export const rollbackTo = ({ unit, storeTransaction }: ApexTransaction, savepoint: number): void => {
  const known = mustKnow(unit, savepoint);
  unit.governor.count('DmlStatements');
  storeTransaction.rollbackTo(savepoint);
  for (const later of [...unit.savepoints.keys()]) if (later > savepoint) unit.savepoints.delete(later);
  known.rolledBack = true;
};

/** After a rollback and a release, callouts are allowed again when nothing else is pending. */
export const releaseSavepoint = ({ unit }: ApexTransaction, savepoint: number): void => {
  const known = mustKnow(unit, savepoint);
  if (known.rolledBack) unit.uncommitted = known.uncommittedBefore;
  for (const later of [...unit.savepoints.keys()]) if (later >= savepoint) unit.savepoints.delete(later);
};

const mustKnow = (
  unit: ApexTransaction['unit'],
  savepoint: number,
): { uncommittedBefore: boolean; rolledBack: boolean } => {
  const known = unit.savepoints.get(savepoint);
  if (!known)
    throw apexException(
      'TypeException',
      'Savepoint does not exist: it was released, or an earlier one was rolled back to',
    );
  return known;
};
