import type { KindDescription } from '../../../reconciliation/types.ts';
import type { CaseKind } from './types.ts';

/** Every kind of discrepancy, once: reports, documents and screens are made from this table. */
export const KINDS: Readonly<Record<CaseKind, KindDescription>> = {
  'missing in Salesforce': {
    meaning: 'The external record has no Case.',
    cause:
      'The record message or its apply was lost, the Case was removed without its trigger, or Salesforce was restored to an earlier state.',
    owner: 'Concord',
    action:
      'Trigger the record again outside; if it fails again, read the dead letter of its key. If it holds the id of a Case that is gone, delete it there, or have the Case made again (npm run reconcile -- --make-again).',
    repair: 'trigger outside',
  },
  'missing outside': {
    meaning: 'The Case says Success, but the external system has no record of it.',
    cause: 'The external database was restored to an earlier state, or the record was removed there by hand.',
    owner: 'external system',
    action: 'Request the Case again; if it was removed on purpose, delete the Case.',
    repair: 'request again',
  },
  'field mismatch': {
    meaning: 'Both sides hold the record at rest with different values.',
    cause: 'A value was changed on one side without leaving it.',
    owner: 'Concord',
    action: 'Carry each field from its owner to the other side.',
    repair: 'carry by owner',
  },
  'lost acknowledgement': {
    meaning: 'Both sides hold the same values, but one of them was never told.',
    cause: 'The acknowledgement or the confirmation of the write-back was lost after it was accepted.',
    owner: 'Concord',
    action: 'Trigger the record again outside.',
    repair: 'trigger outside',
  },
  'lost write-back': {
    meaning: 'The external record does not hold the Case id.',
    cause: 'The write-back was lost after it was accepted.',
    owner: 'Concord',
    action: 'Request the write-back again.',
    repair: 'request again',
  },
  'stuck in progress': {
    meaning: 'The Case waits for an answer beyond its grace.',
    cause: 'The request or its answer was lost, or the middle layer is stopped.',
    owner: 'Concord',
    action: 'Request the Case again; if it stays, read the dead letters and the health of the middle layer.',
    repair: 'request again',
  },
  failed: {
    meaning: 'The external system or Salesforce refused the newest version.',
    cause: 'The error code and text of the Case and of the external request tell it.',
    owner: 'agent',
    action: 'Correct the value that the error names; saving it makes a new version. Or retry when the cause is gone.',
    repair: 'none',
  },
  duplicate: {
    meaning:
      'Two records on one side stand for one on the other: a record names a living counterpart that has another key.',
    cause: "A record was copied, or imported with another record's identity.",
    owner: 'external system',
    action: 'Decide which one stays, and delete or merge the other.',
    repair: 'none',
  },
  'orphaned by deletion': {
    meaning: 'One side deleted its record, the other still has it.',
    cause:
      'A person deleted or merged it, or Salesforce was restored to before that; deletions are reported and never undone or repeated by themselves.',
    owner: 'agent',
    action:
      'Delete the remaining record too, or restore the deleted one. A Case that is there again, as after a restore, and is to stay: npm run reconcile -- --make-again.',
    repair: 'none',
  },
  'version skew': {
    meaning: 'One side rests on an older version than the other.',
    cause: 'A message was lost together with every trigger that would have sent it again.',
    owner: 'Concord',
    action: 'Trigger the record again outside.',
    repair: 'carry by owner',
  },
  'bypassed trigger': {
    meaning: 'The Case was changed without its trigger: its stored digest does not fit its values.',
    cause: 'The trigger was inactive during a load, or a formula or field definition changed.',
    owner: 'Salesforce admin',
    action: 'Keep the trigger active during loads; carry each field from its owner to the other side.',
    repair: 'carry by owner',
  },
  'state not stored': {
    meaning: 'The org refuses to store the state of the sync on the Case; it stands beside it.',
    cause: 'A validation rule, a flow, an approval lock or a duplicate rule refuses every save of this Case.',
    owner: 'Salesforce admin',
    action:
      'Let what refuses the save pass $Permission.Concord_Sync (docs/host-automation.md); the job then stores the state by itself.',
    repair: 'none',
  },
};
