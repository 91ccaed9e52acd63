import { fill } from 'c/fillLabel';
import { LABELS } from './labels';
import type { SyncFacts } from './syncFacts';

export interface SyncState {
  label: string;
  /** What the state means, in a sentence: colour and icon alone would not tell everybody. */
  meaning: string;
  /** What the person can do about it; null when there is nothing to do. */
  remedy: string | null;
  icon: string;
  badgeClass: string;
  hasFailed: boolean;
}

/** The state that a rule of the org does not let Concord store on the Case: it stands beside it. */
export interface UnsavedState {
  /** Where the Case stands in truth. */
  status: string;
  /** The words with which the org refuses it. */
  reason: string;
}

/** Values of Case.Sync_Pending__c that tell states apart. */
const WRITE_BACK = 'WriteBack';
const RETRY = 'Retry';
/** Values that a failed Case keeps while it is only unanswered: Concord asks again by itself, without end. */
const UNANSWERED = new Map([
  ['Request', LABELS.unansweredMeaning],
  [WRITE_BACK, LABELS.unconfirmedMeaning],
]);

/** Where the Case stands when that could not be stored on it. */
export function unsavedStateOf({ status }: UnsavedState): SyncState {
  return {
    label: LABELS.notStored,
    meaning: fill(LABELS.notStoredMeaning, status),
    remedy: LABELS.notStoredRemedy,
    icon: 'utility:warning',
    badgeClass: 'slds-badge slds-theme_warning',
    hasFailed: false,
  };
}

/** Where the Case stands, for a person who may retry or may not. `isInScope` counts while it has no status. */
export function stateOf(facts: SyncFacts, canRetry: boolean, isInScope = true): SyncState {
  const { status } = facts;
  switch (status) {
    case undefined:
      return quiet(LABELS.noAccess, LABELS.noAccessMeaning, LABELS.noAccessRemedy, 'utility:lock');
    case null:
      if (!isInScope) return quiet(LABELS.outOfScope, LABELS.outOfScopeMeaning, LABELS.outOfScopeRemedy, 'utility:ban');
      return quiet(LABELS.notSynced, LABELS.notSyncedMeaning, LABELS.notSyncedRemedy, 'utility:dash');
    case 'In Progress':
      return inProgress(facts);
    case 'Success':
      return synced();
    case 'Failed':
      return failed(facts, canRetry);
    default:
      return quiet(LABELS.unknown, fill(LABELS.unknownMeaning, status), LABELS.unknownRemedy, 'utility:question');
  }
}

function quiet(label: string, meaning: string, remedy: string, icon: string): SyncState {
  return { label, meaning, remedy, icon, badgeClass: 'slds-badge', hasFailed: false };
}

function inProgress({ pending }: SyncFacts): SyncState {
  return {
    label: LABELS.inProgress,
    meaning: pending === WRITE_BACK ? LABELS.writeBackMeaning : LABELS.requestMeaning,
    remedy: LABELS.inProgressRemedy,
    icon: 'utility:sync',
    badgeClass: 'slds-badge slds-badge_inverse',
    hasFailed: false,
  };
}

function synced(): SyncState {
  return {
    label: LABELS.synced,
    meaning: LABELS.syncedMeaning,
    remedy: null,
    icon: 'utility:success',
    badgeClass: 'slds-badge slds-theme_success',
    hasFailed: false,
  };
}

function failed({ pending }: SyncFacts, canRetry: boolean): SyncState {
  const state = {
    label: LABELS.failed,
    icon: 'utility:error',
    badgeClass: 'slds-badge slds-theme_error',
    hasFailed: true,
  };
  const unanswered = UNANSWERED.get(pending ?? '');
  if (unanswered !== undefined)
    return { ...state, meaning: unanswered, remedy: canRetry ? LABELS.askNowRemedy : LABELS.inProgressRemedy };
  return pending === RETRY
    ? { ...state, meaning: LABELS.retriedMeaning, remedy: canRetry ? LABELS.waitOrRetryRemedy : LABELS.waitRemedy }
    : { ...state, meaning: LABELS.stoppedMeaning, remedy: canRetry ? LABELS.retryRemedy : LABELS.askRemedy };
}
