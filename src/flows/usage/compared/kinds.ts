import type { KindDescription } from '../../../reconciliation/types.ts';
import type { UsageKind } from './types.ts';

/** Every kind of discrepancy, once: reports, documents and screens are made from this table. */
export const KINDS: Readonly<Record<UsageKind, KindDescription>> = {
  'missing in Salesforce': {
    meaning: 'A booking that Salesforce has applied has no usage entry.',
    cause: 'The entry was deleted while its trigger was switched off, or Salesforce was restored to an earlier state.',
    owner: 'Concord',
    action: 'Report the ad again as a new version; if it fails again, read the dead letter of the ad.',
    repair: 'trigger outside',
  },
  'missing outside': {
    meaning: 'A usage entry counts that the service application has no booking for.',
    cause: 'The entry was made past the application, or the application was restored to an earlier state.',
    owner: 'external system',
    action:
      'Report the ad as it is; one that nobody booked is cancelled in the application, which takes the entry back.',
    repair: 'carry by owner',
  },
  'field mismatch': {
    meaning: 'A usage entry says something else than its booking: units, contract, product, or whether it counts.',
    cause: 'The entry, its line or its product number was changed in Salesforce.',
    owner: 'Concord',
    action: 'Report the ad again as a new version: bookings belong to the service application.',
    repair: 'carry by owner',
  },
  'version skew': {
    meaning: 'A usage entry says another version of the ad than the service application knows of.',
    cause: 'One side was restored to an earlier state, or an outcome was lost after it was accepted.',
    owner: 'Concord',
    action: 'Report the ad again, above every version that either side has seen.',
    repair: 'carry by owner',
  },
  'bypassed trigger': {
    meaning: 'A usage entry was changed without its trigger: its stored digest does not fit what it says.',
    cause: 'The trigger was switched off, or the line, its contract or the product number changed.',
    owner: 'Salesforce admin',
    action: 'Keep the trigger active; report the ad again as a new version.',
    repair: 'carry by owner',
  },
  'stuck in progress': {
    meaning: 'An ad waits beyond its grace for being reported, or for its outcome.',
    cause: 'The report or its outcome was lost, or the middle layer is stopped.',
    owner: 'Concord',
    action: 'Report the ad again; if it stays, read the dead letters and the health of the middle layer.',
    repair: 'trigger outside',
  },
  failed: {
    meaning: 'The newest version of an ad was refused.',
    cause: 'The error code of the ad tells it.',
    owner: 'agent',
    action: 'Correct what the error names and report the ad once more, on its page in the service application.',
    repair: 'none',
  },
  'broken seal': {
    meaning: 'What a fulfilled contract holds is not what was booked, or not what was sealed.',
    cause:
      'The locks of usage entries were switched off, and an entry was changed, deleted or made; or a side was restored to an earlier state, and another seal stands there.',
    owner: 'Salesforce admin',
    action:
      'Open /invoices/<contract number> of the application: bookings that it alone has lost a supervisor takes over there. Otherwise put the entry back as it was booked, with the locks switched off once more. Until then no invoice is made.',
    repair: 'none',
  },
  'unfinished seal': {
    meaning: 'The seal of a fulfilled contract with very many entries does not go on, so no invoice can be made.',
    cause:
      'A step of it died and the schedule that starts it again is missing, or entries changed while the locks were switched off.',
    owner: 'Salesforce admin',
    action:
      'Read the notice of the seal in progress (Contract Sealings) and do what it says; then run Apex: ConcordSchedule.install(); new SealTakeUp().execute(null);',
    repair: 'none',
  },
  'lost seal': {
    meaning:
      'The service application or the middle layer does not have the seal of a fulfilled contract, or not what the bookings come to, so no invoice can be made.',
    cause: 'That side was restored to an earlier state, or lost.',
    owner: 'Concord',
    action: 'Ask Salesforce to state the seal once more; if it stays, read the dead letter of the contract.',
    repair: 'request again',
  },
  'wrong sum': {
    meaning: 'The consumed units or the number of entries of a contract line are not those of its entries.',
    cause: 'The roll-up was not recalculated after its definition changed.',
    owner: 'Salesforce admin',
    action: 'Force a mass recalculation of the roll-up summary fields of Contract Line, in Setup.',
    repair: 'none',
  },
};
