/** The modules that the Lightning platform provides to components; only what our components use. */

declare module '@salesforce/apex/*' {
  const method: (parameters?: Record<string, unknown>) => Promise<unknown>;
  export default method;
}

declare module '@salesforce/label/*' {
  const label: string;
  export default label;
}

declare module '@salesforce/customPermission/*' {
  /** Undefined when the person does not have it. */
  const granted: true | undefined;
  export default granted;
}

declare module '@salesforce/schema/*' {
  const field: import('lightning/uiRecordApi').FieldId;
  export default field;
}

declare module 'lightning/uiRecordApi' {
  import type { WireAdapterConstructor } from 'lwc';

  export interface FieldId {
    readonly fieldApiName: string;
    readonly objectApiName: string;
  }

  export interface FieldValueRepresentation {
    value: unknown;
    displayValue: string | null;
  }

  export interface RecordRepresentation {
    apiName: string;
    id: string;
    fields: Record<string, FieldValueRepresentation>;
  }

  /** What a wire provides: nothing yet, then data or an error. */
  export interface WireResult<Data> {
    data?: Data | undefined;
    error?: unknown;
  }

  export const getRecord: WireAdapterConstructor<
    { recordId: string | undefined; fields?: FieldId[]; optionalFields?: FieldId[] },
    WireResult<RecordRepresentation>
  >;
  export function getFieldValue(record: RecordRepresentation | undefined, field: FieldId): unknown;
  export function notifyRecordUpdateAvailable(records: { recordId: string }[]): Promise<unknown>;
}

declare module 'lightning/platformShowToastEvent' {
  export interface Toast {
    title: string;
    message?: string;
    variant?: 'info' | 'success' | 'warning' | 'error';
    mode?: 'dismissible' | 'pester' | 'sticky';
  }

  export class ShowToastEvent extends CustomEvent<Toast> {
    constructor(toast: Toast);
  }
}
