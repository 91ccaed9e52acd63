/** The modules that the Lightning platform provides to components; only what our components use. */

declare module '@salesforce/apex/*' {
  import type { WireAdapterConstructor } from 'lwc';
  import type { WireResult } from 'lightning/uiRecordApi';

  /** Called, or, where the method is cacheable, wired. */
  const method: ((parameters?: Record<string, unknown>) => Promise<unknown>) & {
    // eslint-disable-next-line @typescript-eslint/no-explicit-any -- what the method returns, which TypeScript cannot know
    adapter: WireAdapterConstructor<Record<string, unknown>, WireResult<any>>;
  };
  export default method;
}

declare module '@salesforce/apex' {
  /** Asks the org again for what a wire of a cacheable method provided. */
  export function refreshApex(provided: unknown): Promise<unknown>;
}

declare module '@salesforce/i18n/locale' {
  /** Of the person, as `en-US`. */
  const locale: string;
  export default locale;
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
