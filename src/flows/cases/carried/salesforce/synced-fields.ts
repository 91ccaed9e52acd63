import type { Owner } from '../../../../shared/case-messages.ts';
import { isArrayOf, isPlain, isText } from '../../../../shared/shapes.ts';
import type { Log } from '../../../../middle-layer/types.ts';
import { badAnswer } from '../../../../middle-layer/clients/http-status.ts';
import type { SyncedField } from './port.ts';
import type { IntegrationClient } from '../../../../middle-layer/clients/salesforce/integration-client.ts';
import type { Row } from '../../../../middle-layer/clients/salesforce/rows.ts';

interface FieldType {
  name: string;
  type: string;
}

const isFieldType = (value: unknown): value is FieldType => isPlain(value) && isText(value.name) && isText(value.type);

const wanted = (rows: readonly Row[]): { name: string; owner: Owner }[] =>
  rows.map((row) => ({ name: String(row.Field__c), owner: row.Owner__c === 'Salesforce' ? 'Salesforce' : 'External' }));

/** The synced fields with their known types, or null when the settings name one that is not known yet. */
export const fromKnown = (rows: readonly Row[], known: readonly SyncedField[]): SyncedField[] | null => {
  const types = new Map(known.map(({ name, type }) => [name.toLowerCase(), { name, type }]));
  const fields = wanted(rows).map(({ name, owner }) => {
    const field = types.get(name.toLowerCase());
    return field ? { ...field, owner } : null;
  });
  return fields.every((field) => field !== null) ? fields : null;
};

/** Reads the types of the synced fields. A field that Case does not have, or that this user may not read, is marked and logged: the others go on. */
export const describeFields = async (
  rest: IntegrationClient,
  rows: readonly Row[],
  log: Log,
): Promise<SyncedField[]> => {
  const describe = await rest.get<unknown>('/sobjects/Case/describe');
  if (!isPlain(describe) || !isArrayOf(describe.fields, isFieldType))
    throw badAnswer('the description of Case', 'did not list its fields');
  const types = new Map(describe.fields.map((field) => [field.name.toLowerCase(), field]));
  return wanted(rows).map(({ name, owner }) => {
    const field = types.get(name.toLowerCase());
    if (field) return { name: field.name, owner, type: field.type };
    log('error', 'synced field not readable', {
      field: name,
      remedy:
        'create the field on Case and let the integration user read it, or deactivate its Synced_Field__mdt record',
    });
    return { name, owner, type: null };
  });
};
