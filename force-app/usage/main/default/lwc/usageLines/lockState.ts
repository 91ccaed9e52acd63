import { fill } from 'c/fillLabel';
import { LABELS } from './labels';
import { shown } from './lineRows';
import type { Sealing, Usage } from './usage';

export interface LockState {
  label: string;
  /** What the state means, in a sentence: colour and icon alone would not tell everybody. */
  meaning: string;
  icon: string;
  badgeClass: string;
  /** Where it does not go on by itself: why, as far as it is known, and what to do. */
  stuck: { why: string | null; remedy: string } | null;
}

/** Whether usage and lines of the contract can still change. */
export function lockStateOf({ isFulfilled, sealing }: Usage): LockState {
  if (isFulfilled === null) return state(LABELS.lockHidden, LABELS.lockHiddenMeaning, 'utility:question');
  if (sealing) return sealingState(sealing);
  return isFulfilled
    ? state(LABELS.fulfilled, LABELS.fulfilledMeaning, 'utility:lock', 'slds-badge_inverse')
    : state(LABELS.open, LABELS.openMeaning, 'utility:unlock');
}

function sealingState({ counted, expected, isStuck, notice }: Sealing): LockState {
  const meaning = fill(LABELS.sealingMeaning, shown(String(counted)), shown(String(expected)));
  if (!isStuck) return state(LABELS.sealing, meaning, 'utility:lock', 'slds-badge_inverse');
  return {
    ...state(LABELS.sealStuck, meaning, 'utility:warning', 'slds-theme_error'),
    stuck: { why: notice, remedy: LABELS.sealStuckRemedy },
  };
}

function state(label: string, meaning: string, icon: string, look = ''): LockState {
  return { label, meaning, icon, badgeClass: `slds-badge ${look}`.trim(), stuck: null };
}
