/** Record types of an object: those of the project and the master. */
import type { ObjectSchema } from '../../../store/types.ts';
import type { PlatformRuntime } from '../../services.ts';
import type { SObject } from '../../values/index.ts';
import { RecordTypeInfoObject } from './results.ts';

const MASTER_ID = '012000000000000AAA';

export const recordTypes = ($: PlatformRuntime, schema: ObjectSchema): RecordTypeInfoObject[] => {
  const declared = schema.recordTypes ?? [];
  const rows =
    declared.length === 0
      ? []
      : ($.services.setupRecords('RecordType') as SObject[]).filter((row) => row.peek('SobjectType') === schema.name);
  const infos = declared.map(({ developerName, label, active }) => {
    const id = rows.find((row) => row.peek('DeveloperName') === developerName)?.id ?? null;
    return new RecordTypeInfoObject({ id, name: label, developerName, active, master: false, default: false });
  });
  const master = { id: MASTER_ID, name: 'Master', developerName: 'Master', active: true, master: true, default: true };
  return [...infos, new RecordTypeInfoObject(master)];
};
