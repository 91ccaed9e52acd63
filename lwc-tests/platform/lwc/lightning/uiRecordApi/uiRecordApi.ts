/** Lightning Data Service over the UI API: reads a record for each wire, and again when it is told to. */
import type { FieldId, RecordRepresentation, WireResult } from 'lightning/uiRecordApi';

interface Config {
  recordId?: string;
  fields?: FieldId[];
  optionalFields?: FieldId[];
}

const RECORDS = '/services/data/v67.0/ui-api/records';

/** One for all components of the page, as the cache of Lightning Data Service is. */
const connected = new Set<getRecord>();

const nameOf = ({ objectApiName, fieldApiName }: FieldId): string => `${objectApiName}.${fieldApiName}`;

// A wire adapter is a class, and components know it by this name.
export class getRecord {
  #config: Config = {};
  readonly #provide: (result: WireResult<RecordRepresentation>) => void;

  constructor(provide: (result: WireResult<RecordRepresentation>) => void) {
    this.#provide = provide;
    provide({ data: undefined, error: undefined });
  }

  connect(): void {
    connected.add(this);
  }

  disconnect(): void {
    connected.delete(this);
  }

  update(config: Config): void {
    this.#config = config;
    void this.read();
  }

  shows(recordId: string): boolean {
    return this.#config.recordId === recordId;
  }

  async read(): Promise<void> {
    const { recordId, fields = [], optionalFields = [] } = this.#config;
    if (recordId === undefined) return;
    const query = new URLSearchParams({
      fields: fields.map(nameOf).join(),
      optionalFields: optionalFields.map(nameOf).join(),
    });
    const response = await fetch(`${RECORDS}/${recordId}?${query}`);
    const { ok, status, statusText } = response;
    const body: unknown = await response.json();
    if (ok) this.#provide({ data: body as RecordRepresentation, error: undefined });
    else this.#provide({ data: undefined, error: { ok, status, statusText, body } });
  }
}

export async function notifyRecordUpdateAvailable(records: { recordId: string }[]): Promise<void> {
  const stale = [...connected].filter((wire) => records.some(({ recordId }) => wire.shows(recordId)));
  await Promise.all(stale.map((wire) => wire.read()));
}

/** Undefined when the record does not have the field. */
export function getFieldValue(record: RecordRepresentation | undefined, field: FieldId): unknown {
  return record?.fields[field.fieldApiName]?.value;
}
