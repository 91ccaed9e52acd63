import { LightningElement, api, wire } from 'lwc';
import { getFieldValue, getRecord, notifyRecordUpdateAvailable } from 'lightning/uiRecordApi';
import type { FieldId, RecordRepresentation, WireResult } from 'lightning/uiRecordApi';
import { ShowToastEvent } from 'lightning/platformShowToastEvent';
import { reduceErrors } from 'c/reduceErrors';
import retry from '@salesforce/apex/CaseSyncController.retry';
import STATUS from '@salesforce/schema/Case.Sync_Status__c';
import VERSION from '@salesforce/schema/Case.Sync_Version__c';
import ATTEMPT from '@salesforce/schema/Case.Sync_Attempt__c';
import ERROR_TEXT from '@salesforce/schema/Case.Sync_Error__c';
import ERROR_CODE from '@salesforce/schema/Case.Sync_Error_Code__c';
import EXTERNAL_ID from '@salesforce/schema/Case.External_Id__c';
import REQUESTED_AT from '@salesforce/schema/Case.Sync_Requested_At__c';
import { stateOf } from './syncStates';
import type { SyncState } from './syncStates';

interface Detail {
  label: string;
  value: string | number;
  isDate: boolean;
}

export default class SyncStatusBadge extends LightningElement {
  @api recordId?: string;

  record?: RecordRepresentation;
  loadError?: string;
  isBusy = false;

  // Only the status is demanded: whoever may not see a detail still sees the state.
  @wire(getRecord, {
    recordId: '$recordId',
    fields: [STATUS],
    optionalFields: [VERSION, ATTEMPT, ERROR_TEXT, ERROR_CODE, EXTERNAL_ID, REQUESTED_AT],
  })
  wiredRecord({ data, error }: WireResult<RecordRepresentation>): void {
    this.record = data;
    this.loadError = error === undefined ? undefined : reduceErrors(error).join(' ');
  }

  get isLoading(): boolean {
    return this.record === undefined && this.loadError === undefined;
  }

  get state(): SyncState {
    return stateOf(this.field<string>(STATUS));
  }

  get errorText(): string | null {
    if (!this.state.canRetry) return null;
    const parts = [this.field<string>(ERROR_CODE), this.field<string>(ERROR_TEXT)].filter(Boolean);
    return parts.length > 0 ? parts.join(': ') : 'No reason was given.';
  }

  get details(): Detail[] {
    const attempt = this.field<number>(ATTEMPT);
    const candidates: (Omit<Detail, 'value'> & { value: Detail['value'] | null })[] = [
      { label: 'External ID', value: this.field<string>(EXTERNAL_ID), isDate: false },
      { label: 'Version', value: this.field<number>(VERSION), isDate: false },
      // The field counts re-requests of the version, people count attempts.
      { label: 'Attempts', value: attempt === null ? null : attempt + 1, isDate: false },
      { label: 'Requested', value: this.field<string>(REQUESTED_AT), isDate: true },
    ];
    return candidates.filter((detail): detail is Detail => detail.value !== null);
  }

  async handleRefresh(): Promise<void> {
    if (this.recordId !== undefined) await notifyRecordUpdateAvailable([{ recordId: this.recordId }]);
  }

  async handleRetry(): Promise<void> {
    this.isBusy = true;
    try {
      await retry({ caseId: this.recordId });
      this.toast('success', 'Sync requested', 'This Case will be sent again.');
      await this.handleRefresh();
    } catch (error) {
      this.toast('error', 'The sync could not be requested', reduceErrors(error).join(' '));
    } finally {
      this.isBusy = false;
    }
  }

  private field<T>(field: FieldId): T | null {
    return (getFieldValue(this.record, field) as T | undefined) ?? null;
  }

  private toast(variant: 'success' | 'error', title: string, message: string): void {
    this.dispatchEvent(new ShowToastEvent({ variant, title, message }));
  }
}
