import { LightningElement, api, wire } from 'lwc';
import { refreshApex } from '@salesforce/apex';
import { getRecord } from 'lightning/uiRecordApi';
import type { RecordRepresentation, WireResult } from 'lightning/uiRecordApi';
import { fill } from 'c/fillLabel';
import { reduceErrors } from 'c/reduceErrors';
import { Watch } from 'c/watch';
import read from '@salesforce/apex/UsageLinesController.read';
import ID from '@salesforce/schema/Contract.Id';
import MODIFIED from '@salesforce/schema/Contract.LastModifiedDate';
import { LABELS } from './labels';
import { lineRow, waitingRow } from './lineRows';
import type { LineRow, WaitingRow } from './lineRows';
import { lockStateOf } from './lockState';
import type { LockState } from './lockState';
import { usageOf } from './usage';
import type { Usage, UsageAnswer } from './usage';

export default class UsageLines extends LightningElement {
  @api recordId?: string;

  labels = LABELS;
  usage?: Usage;
  loadError?: string;

  /** What the wire provided last: refreshApex asks for it. */
  private provided?: WireResult<UsageAnswer>;
  private isContractRead = false;
  private readonly watch = new Watch(
    () => this.refresh(),
    () => this.isShown(),
  );

  @wire(read, { contractId: '$recordId' })
  wiredUsage(provided: WireResult<UsageAnswer>): void {
    this.provided = provided;
    const { data, error } = provided;
    this.usage = data === undefined ? undefined : usageOf(data);
    this.loadError = error === undefined ? undefined : fill(LABELS.notReadable, reduceErrors(error).join(' '));
    this.watch.update(data !== undefined || error !== undefined);
  }

  /** Told by Lightning Data Service when somebody saves the contract on this page. */
  @wire(getRecord, { recordId: '$recordId', fields: [ID], optionalFields: [MODIFIED] })
  wiredContract({ data }: WireResult<RecordRepresentation>): void {
    if (data === undefined) return;
    if (this.isContractRead) this.refresh().catch(() => undefined);
    this.isContractRead = true;
  }

  disconnectedCallback(): void {
    this.watch.stop();
  }

  get isLoading(): boolean {
    return this.usage === undefined && this.loadError === undefined;
  }

  get lock(): LockState {
    return lockStateOf(this.usage!);
  }

  /** lightning-formatted-date-time takes epoch milliseconds. */
  get fulfilledAt(): number | null {
    const at = this.usage?.fulfilledAt ?? null;
    return at === null ? null : Date.parse(at);
  }

  get unseen(): string | null {
    const hidden = this.usage?.hidden ?? [];
    return hidden.length === 0 ? null : fill(LABELS.hidden, hidden.join(', '));
  }

  get lines(): LineRow[] | null {
    return this.usage?.lines?.map(lineRow) ?? null;
  }

  get hasNoLines(): boolean {
    return this.usage?.lines?.length === 0;
  }

  get moreLines(): string | null {
    return more(LABELS.moreLines, this.usage?.moreLines);
  }

  get waiting(): WaitingRow[] | null {
    return this.usage?.exceptions?.map(waitingRow) ?? null;
  }

  get nothingWaits(): boolean {
    return this.usage?.exceptions?.length === 0;
  }

  get moreWaiting(): string | null {
    return more(LABELS.moreWaiting, this.usage?.moreExceptions);
  }

  handleRefresh(): void {
    // what goes wrong is provided to the wire, and shown
    this.refresh().catch(() => undefined);
  }

  private async refresh(): Promise<void> {
    if (this.provided !== undefined) await refreshApex(this.provided);
  }

  /** A tab of the console that is not in front keeps its components, without any size. */
  private isShown(): boolean {
    const { width, height } = this.getBoundingClientRect();
    return width > 0 || height > 0;
  }
}

function more(label: string, count = 0): string | null {
  return count > 0 ? fill(label, String(count)) : null;
}
