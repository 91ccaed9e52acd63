/** Approval.process and locks, on the store. They are DML: counted, and rolled back with the transaction (Apex Reference, "Approval Class"). */
import type { Services } from '../services.ts';
import { dmlException } from '../values/index.ts';
import type { SaveError } from '../../store/types.ts';
import type { RuntimeView } from './view.ts';

export const approvalsIn = ($: RuntimeView): Services['approvals'] => {
  const { transaction } = $;
  const { approvals } = transaction.store;
  const counted = <T extends { errors: SaveError[] }>(
    verb: string,
    ids: string[],
    allOrNone: boolean,
    work: () => T[],
  ): T[] => {
    if (ids.length === 0) return [];
    transaction.unit.governor.count('DmlStatements');
    transaction.unit.governor.count('DmlRows', ids.length);
    transaction.unit.uncommitted = true;
    const outcomes = work();
    const failed = outcomes
      .map(({ errors }, index) => ({ index, id: null, object: '', errors }))
      .filter(({ errors }) => errors.length > 0);
    if (allOrNone && failed.length > 0) throw dmlException(verb, failed);
    return outcomes;
  };
  return {
    process: (requests, allOrNone) =>
      counted(
        'Process',
        requests.map((request) => (request.kind === 'submit' ? request.recordId : request.workitemId)),
        allOrNone,
        () => approvals.process(requests, allOrNone, { access: transaction.access('system'), triggers: $.triggerHost }),
      ),
    lock: (ids, allOrNone) => counted('Lock', ids, allOrNone, () => approvals.lock(ids, allOrNone)),
    unlock: (ids, allOrNone) => counted('Unlock', ids, allOrNone, () => approvals.unlock(ids, allOrNone)),
    locked: (ids) => approvals.locked(ids),
  };
};
