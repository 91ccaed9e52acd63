import { LABELS } from './labels';
import type { Usage } from './usage';

export interface LockState {
  label: string;
  /** What the state means, in a sentence: colour and icon alone would not tell everybody. */
  meaning: string;
  icon: string;
  badgeClass: string;
}

/** Whether usage and lines of the contract can still change. */
export function lockStateOf({ isFulfilled }: Usage): LockState {
  if (isFulfilled === null) return state(LABELS.lockHidden, LABELS.lockHiddenMeaning, 'utility:question');
  return isFulfilled
    ? state(LABELS.fulfilled, LABELS.fulfilledMeaning, 'utility:lock', 'slds-badge_inverse')
    : state(LABELS.open, LABELS.openMeaning, 'utility:unlock');
}

function state(label: string, meaning: string, icon: string, look = ''): LockState {
  return { label, meaning, icon, badgeClass: `slds-badge ${look}`.trim() };
}
