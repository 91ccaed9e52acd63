/** Records that come in over the API: one transaction, whose saves run triggers. */
import type {
  Access,
  ApprovalOutcome,
  ApprovalRequest,
  DuplicateChoice,
  SaveError,
  SaveRequest,
  SaveResult,
} from '../../../store/types.ts';
import { ApexException } from '../../values/index.ts';
import { stagePublished } from '../events/staged-events.ts';
import { LimitExceeded } from '../governor.ts';
import type { OrgContext } from '../org-context.ts';
import { runTransaction } from '../run-transaction.ts';
import type { RuntimeCore } from '../runtime.ts';
import type { TransactionStart } from '../transaction.ts';
import { describeUncaught, engineLimit } from '../uncaught.ts';

export interface ApiWork {
  save(request: SaveRequest): SaveResult[];
  approve(requests: readonly ApprovalRequest[], access: Access): ApprovalOutcome[];
  savepoint(): number;
  rollbackTo(savepoint: number): void;
}

/** Runs `work` in one transaction: committed when it returns, rolled back when it throws. */
export const runApiTransaction = <T>(
  org: OrgContext,
  start: Pick<TransactionStart, 'userId' | 'assignmentRule' | 'duplicateChoice'>,
  work: (transaction: ApiWork) => T,
): T =>
  runTransaction(org, { ...start, quiddity: 'SYNCHRONOUS' }, (core) => {
    const { storeTransaction } = core.transaction;
    return work({
      save: (request) => saveFromApi(core, withChoice(request, start.duplicateChoice)),
      approve: (requests, access) =>
        core.transaction.store.approvals.process(requests, true, { access, triggers: core.systemView.triggerHost }),
      savepoint: () => storeTransaction.savepoint(),
      rollbackTo: (savepoint) => storeTransaction.rollbackTo(savepoint),
    });
  });

/** Limits, endless recursion, failed assertions. */
const isUncatchable = (error: unknown): boolean =>
  error instanceof LimitExceeded || error instanceof ApexException || engineLimit(error) !== null;

const withChoice = (request: SaveRequest, duplicateChoice: DuplicateChoice | undefined): SaveRequest =>
  duplicateChoice === undefined
    ? request
    : { ...request, rows: request.rows.map((row) => ({ ...row, duplicateChoice })) };

const saveFromApi = (core: RuntimeCore, request: SaveRequest): SaveResult[] => {
  const { transaction, systemView } = core;
  const { store, org, storeTransaction } = transaction;
  const savepoint = storeTransaction.savepoint();
  if (transaction.assignmentRule) for (const row of request.rows) row.assignmentRule = transaction.assignmentRule;
  let results: SaveResult[];
  try {
    results = org.faults.save(request, systemView.triggerHost, (triggers) => store.save(request, triggers));
  } catch (error) {
    if (!isUncatchable(error)) throw error;
    // Apex cannot catch it, but the caller of an API gets it as the error of its records.
    storeTransaction.rollbackTo(savepoint);
    const failure: SaveError = {
      code: 'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY',
      message: `${core.runningTrigger}: ${describeUncaught(org.program, error).text}`,
      fields: [],
    };
    return request.rows.map((row) => ({ id: row.id, success: false, created: false, errors: [failure] }));
  }
  request.rows.forEach((row, i) => {
    const object = store.schema.objects.get(row.object.toLowerCase());
    if (object?.kind === 'platformEvent' && results[i]?.success) stagePublished(systemView, object, row);
  });
  return results;
};
