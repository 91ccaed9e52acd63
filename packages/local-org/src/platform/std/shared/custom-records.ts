/**
 * Static access to custom metadata and custom settings: `Setting__mdt.getInstance('x')`. The
 * object's name comes first: `$.std['sobject'].s.getinstance('Setting__mdt', 'x')`.
 */
import type { PlatformRuntime } from '../../services.ts';
import type { Apex, NativeFunction } from '../../types.ts';
import { ApexMap, SObject } from '../../values/index.ts';
import { objectSchema } from './sobject-type.ts';

/** The field that names a record of a list-like object. */
const nameField = (object: string): string => (object.toLowerCase().endsWith('__mdt') ? 'DeveloperName' : 'Name');

const same = (value: Apex, wanted: string): boolean =>
  typeof value === 'string' && value.toLowerCase() === wanted.toLowerCase();

const find = (records: SObject[], field: string, wanted: string | null): SObject | null =>
  (wanted === null ? null : records.find((record) => same(record.peek(field), wanted))) ?? null;

/** A hierarchical setting's values: those of the user over those of the profile over the organisation's. */
const merged = (object: string, records: SObject[], owners: (string | null)[]): SObject => {
  const result = new SObject(object);
  for (const owner of owners) {
    const record = find(records, 'SetupOwnerId', owner);
    for (const name of record?.fieldNames() ?? [])
      if (result.peek(name) === null) result.load(name, record!.peek(name));
  }
  return result;
};

export const customRecordStatics = ($: PlatformRuntime): Record<string, NativeFunction> => {
  const all = (object: string): SObject[] =>
    $.services.setupRecords(objectSchema($, object)?.name ?? object) as SObject[];
  const hierarchy = (object: string): boolean => objectSchema($, object)?.customSettingsType === 'Hierarchy';
  const byName = (object: string, wanted: string): SObject | null => {
    const records = all(object);
    return (
      find(records, nameField(object), wanted) ??
      find(records, 'QualifiedApiName', wanted) ??
      find(records, 'Id', wanted)
    );
  };
  return {
    getall: (object: string) =>
      new ApexMap(
        'String',
        object,
        all(object).map((record) => [record.peek(nameField(object)), record]),
      ),
    getinstance: (object: string, key?: string | null) => {
      const user = $.services.user();
      if (!hierarchy(object)) return key === undefined || key === null ? null : byName(object, key);
      const owners = key === undefined ? [user.id, user.profileId, user.organizationId] : [key, user.organizationId];
      return merged(object, all(object), owners);
    },
    getvalues: (object: string, key: string | null) =>
      hierarchy(object) ? find(all(object), 'SetupOwnerId', key) : key === null ? null : byName(object, key),
    getorgdefaults: (object: string) => merged(object, all(object), [$.services.user().organizationId]),
  };
};
