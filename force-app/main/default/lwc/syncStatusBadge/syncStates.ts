export interface SyncState {
  label: string;
  /** What the state means, in a sentence: colour and icon alone would not tell everybody. */
  meaning: string;
  icon: string;
  badgeClass: string;
  canRetry: boolean;
}

const NOT_SYNCED: SyncState = {
  label: 'Not synced',
  meaning: 'This Case has not been handed to the external system yet.',
  icon: 'utility:dash',
  badgeClass: 'slds-badge',
  canRetry: false,
};

/** Keyed by the values of Case.Sync_Status__c. */
const STATES: Record<string, SyncState> = {
  'In Progress': {
    label: 'In progress',
    meaning: 'Waiting for the external system to confirm the newest version.',
    icon: 'utility:sync',
    badgeClass: 'slds-badge slds-badge_inverse',
    canRetry: false,
  },
  Success: {
    label: 'Synced',
    meaning: 'Salesforce and the external system hold the same version.',
    icon: 'utility:success',
    badgeClass: 'slds-badge slds-theme_success',
    canRetry: false,
  },
  Failed: {
    label: 'Failed',
    meaning: 'The newest version was refused.',
    icon: 'utility:error',
    badgeClass: 'slds-badge slds-theme_error',
    canRetry: true,
  },
};

export function stateOf(status: string | null): SyncState {
  return STATES[status ?? ''] ?? NOT_SYNCED;
}
