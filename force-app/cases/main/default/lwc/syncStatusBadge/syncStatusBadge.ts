import { LightningElement, api, wire } from 'lwc';
import { getRecord, notifyRecordUpdateAvailable } from 'lightning/uiRecordApi';
import type { RecordRepresentation, WireResult } from 'lightning/uiRecordApi';
import { ShowToastEvent } from 'lightning/platformShowToastEvent';
import { fill } from 'c/fillLabel';
import { reduceErrors } from 'c/reduceErrors';
import { Watch } from 'c/watch';
import isInScope from '@salesforce/apex/CaseSyncController.isInScope';
import retry from '@salesforce/apex/CaseSyncController.retry';
import unsavedState from '@salesforce/apex/CaseSyncController.unsavedState';
import canRetry from '@salesforce/customPermission/Retry_Case_Sync';
import ID from '@salesforce/schema/Case.Id';
import { LABELS } from './labels';
import { detailsOf } from './syncDetails';
import type { Detail } from './syncDetails';
import { SYNC_FIELDS, factsOf } from './syncFacts';
import type { SyncFacts } from './syncFacts';
import { stateOf, unsavedStateOf } from './syncStates';
import type { SyncState, UnsavedState } from './syncStates';

export default class SyncStatusBadge extends LightningElement {
  @api recordId?: string;

  labels = LABELS;
  record?: RecordRepresentation;
  loadError?: string;
  isBusy = false;
  isInScope = true;
  unsaved: UnsavedState | null = null;

  private readonly watch = new Watch(() => this.refresh());

  // No sync field is demanded: whoever may not see one is told so, or sees the others.
  @wire(getRecord, { recordId: '$recordId', fields: [ID], optionalFields: SYNC_FIELDS })
  wiredRecord({ data, error }: WireResult<RecordRepresentation>): void {
    this.record = data;
    this.loadError = error === undefined ? undefined : fill(LABELS.notReadable, reduceErrors(error).join(' '));
    if (this.facts.status === null) this.askForScope().catch(() => undefined);
    this.askForUnsaved().catch(() => undefined);
    this.watch.update(this.facts.status === 'In Progress' || this.facts.pending !== null);
  }

  disconnectedCallback(): void {
    this.watch.stop();
  }

  get isLoading(): boolean {
    return this.record === undefined && this.loadError === undefined;
  }

  get facts(): SyncFacts {
    return factsOf(this.record);
  }

  get state(): SyncState {
    return this.unsaved ? unsavedStateOf(this.unsaved) : stateOf(this.facts, canRetry === true, this.isInScope);
  }

  get reason(): string | null {
    if (this.unsaved) return this.unsaved.reason;
    if (!this.state.hasFailed) return null;
    return this.facts.errorText ?? LABELS.noReason;
  }

  get details(): Detail[] {
    return detailsOf(this.facts);
  }

  get offersRetry(): boolean {
    return this.state.hasFailed && canRetry === true;
  }

  async handleRefresh(): Promise<void> {
    try {
      await this.refresh();
    } catch (error) {
      this.toast('error', LABELS.refreshFailed, reduceErrors(error).join(' '));
    }
  }

  async handleRetry(): Promise<void> {
    this.isBusy = true;
    try {
      await retry({ caseId: this.recordId });
      this.toast('success', LABELS.retryDone, LABELS.retryDoneText);
    } catch (error) {
      this.toast('error', LABELS.retryFailed, reduceErrors(error).join(' '));
    }
    // After a refusal too: it may tell that somebody else was faster.
    await this.handleRefresh();
    this.isBusy = false;
    // The button goes with the failure, and the focus of the keyboard would go with it.
    if (!this.offersRetry) this.template?.querySelector<HTMLElement>('.refresh')?.focus();
  }

  /** Asked only while there is no status. Without an answer the badge says what is certain: not synced. */
  private async askForScope(): Promise<void> {
    // a failure of the last question must not stand for an answer to this one
    this.isInScope = true;
    this.isInScope = (await isInScope({ caseId: this.recordId })) !== false;
  }

  /** Asked only while something is pending or has failed: whatever could not be stored left the Case so. */
  private async askForUnsaved(): Promise<void> {
    const { pending, status } = this.facts;
    const mayBeUnsaved = pending !== null || status === 'Failed';
    // a failure of the last question must not stand for an answer to this one
    if (!mayBeUnsaved) this.unsaved = null;
    else
      this.unsaved = ((await unsavedState({ caseId: this.recordId }).catch(() => null)) ?? null) as UnsavedState | null;
  }

  private async refresh(): Promise<void> {
    if (this.recordId !== undefined) await notifyRecordUpdateAvailable([{ recordId: this.recordId }]);
  }

  private toast(variant: 'success' | 'error', title: string, message: string): void {
    this.dispatchEvent(new ShowToastEvent({ variant, title, message }));
  }
}
