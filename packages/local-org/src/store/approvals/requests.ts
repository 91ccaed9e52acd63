/** What the outside asks of approvals: lists of requests, locks by hand. */
import { normalizeId } from '../ids/record-id.ts';
import type { SaveServices } from '../save/context.ts';
import { saveError } from '../save/entry.ts';
import type { LockOutcome, Store } from '../types.ts';
import { approve } from './approvals.ts';

export const approvalsOf = (services: SaveServices): Store['approvals'] => ({
  process: (requests, allOrNone, caller) =>
    within(services, allOrNone, () => requests.map((request) => approve(services, request, caller))),
  lock: (ids, allOrNone) => change(services, ids, allOrNone, (id) => services.approvalLocks.lockByHand(id)),
  unlock: (ids, allOrNone) => change(services, ids, allOrNone, (id) => services.approvalLocks.unlock(id)),
  locked: (ids) => new Set(services.approvalLocks.of(ids.map((id) => normalizeId(id) ?? id)).keys()),
});

/** With `allOrNone`, an outcome with errors undoes all of them. */
function within<T extends { errors: unknown[] }>(
  { transactions }: SaveServices,
  allOrNone: boolean,
  work: () => T[],
): T[] {
  const savepoint = transactions.savepoint();
  const outcomes = work();
  if (allOrNone && outcomes.some(({ errors }) => errors.length > 0)) transactions.rollbackTo(savepoint);
  transactions.release(savepoint);
  return outcomes;
}

/** Records that are not there fail alone. */
function change(
  services: SaveServices,
  ids: readonly string[],
  allOrNone: boolean,
  work: (id: string) => void,
): LockOutcome[] {
  return within(services, allOrNone, () =>
    ids.map((given) => {
      const id = normalizeId(given);
      const object = id === null ? undefined : services.schema.byKeyPrefix.get(id.slice(0, 3));
      if (id === null || object === undefined || services.records.read(object, [id]).length === 0)
        return { id: given, errors: [saveError('INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id')] };
      work(id);
      return { id, errors: [] };
    }),
  );
}
