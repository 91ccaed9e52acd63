import { readFileSync } from 'node:fs';
import type { PlatformRows } from '../records/platform-rows.ts';
import type { MetadataFile } from '../schema/find-metadata.ts';
import type { MetadataProblems } from '../schema/problems.ts';
import { readXml } from '../schema/xml.ts';
import type { Schema } from '../types.ts';
import { ownerProblems, writeAutomation } from './automation-rows.ts';
import { writeEntityDefinitions } from './entity-definitions.ts';
import { writeContractStatuses } from './contract-statuses.ts';
import { writeMetadataRecord } from './metadata-records.ts';
import { writePermissionSet, writeProfile } from './permission-sets.ts';
import { writeQueue } from './queues.ts';

/** Brings the rows that mirror metadata in line with the project's files. */
export function loadSetup(rows: PlatformRows, schema: Schema, files: MetadataFile[], problems: MetadataProblems): void {
  const each = (suffix: string, load: (file: MetadataFile) => void): void => {
    for (const file of files) if (file.suffix === suffix) problems.guard(file.path, () => load(file));
  };
  each('cls', (file) => writeCode(rows, file, 'ApexClass'));
  each('trigger', (file) => writeCode(rows, file, 'ApexTrigger'));
  each('customPermission', (file) => writeCustomPermission(rows, file));
  each('notiftype', (file) => writeNotificationType(rows, file));
  each('queue', (file) => writeQueue(rows, schema, file));
  const unsupportedIn = (file: MetadataFile) => (problem: string) =>
    void problems.unsupported.push({ file: file.path, problem });
  each('profile', (file) => writeProfile(rows, schema, file, unsupportedIn(file)));
  each('permissionset', (file) => writePermissionSet(rows, schema, file, unsupportedIn(file)));
  each('assignmentRules', (file) => {
    for (const problem of ownerProblems(rows, schema.objects.get(file.name.toLowerCase())!))
      problems.add(file.path, problem);
  });
  writeAutomation(rows, schema);
  writeEntityDefinitions(rows, schema);
  writeContractStatuses(rows, schema);
  writeRecordTypes(rows, schema);
  writeMetadataRecords(rows, schema, files, problems);
}

/** A row for each class and trigger, so that permissions and jobs can refer to it. */
function writeCode(rows: PlatformRows, file: MetadataFile, object: 'ApexClass' | 'ApexTrigger'): void {
  const root = readXml(file.path, object);
  const body = readFileSync(file.path.replace(/-meta\.xml$/, ''), 'utf8');
  rows.ensure(
    object,
    { Name: file.name },
    {
      Body: body,
      ApiVersion: Number(root.text('apiVersion') ?? 0),
      Status: root.text('status') ?? 'Active',
      IsValid: true,
      LengthWithoutComments: body.length,
    },
  );
}

function writeCustomPermission(rows: PlatformRows, file: MetadataFile): void {
  const root = readXml(file.path, 'CustomPermission');
  root.only(new Set(['connectedApp', 'description', 'isLicensed', 'label', 'requiredPermission']));
  rows.ensure(
    'CustomPermission',
    { DeveloperName: file.name },
    { MasterLabel: root.needed('label'), Description: root.text('description'), Language: 'en_US' },
  );
}

/** Its name is the file's; what it shows where has no effect in an org without screens. */
function writeNotificationType(rows: PlatformRows, file: MetadataFile): void {
  const root = readXml(file.path, 'CustomNotificationType');
  root.only(
    new Set(['actionGroups', 'customNotifTypeName', 'description', 'desktop', 'masterLabel', 'mobile', 'slack']),
  );
  rows.ensure(
    'CustomNotificationType',
    { DeveloperName: file.name },
    {
      CustomNotifTypeName: root.needed('customNotifTypeName'),
      MasterLabel: root.needed('masterLabel'),
      Description: root.text('description'),
      Language: 'en_US',
    },
  );
}

function writeRecordTypes(rows: PlatformRows, schema: Schema): void {
  for (const object of schema.objects.values()) {
    for (const type of object.recordTypes ?? []) {
      rows.ensure(
        'RecordType',
        { SobjectType: object.name, DeveloperName: type.developerName },
        { Name: type.label, Description: type.description, IsActive: type.active },
      );
    }
  }
}

/** Records whose file is gone are gone. */
function writeMetadataRecords(
  rows: PlatformRows,
  schema: Schema,
  files: MetadataFile[],
  problems: MetadataProblems,
): void {
  const kept = new Map<string, string[]>();
  for (const file of files) {
    if (file.suffix !== 'md') continue;
    problems.guard(file.path, () => {
      const { object, id } = writeMetadataRecord(rows, schema, file);
      kept.set(object, [...(kept.get(object) ?? []), id]);
    });
  }
  for (const object of schema.objects.values()) {
    if (object.kind === 'customMetadata')
      rows.removeOthers(object.name, 'NamespacePrefix', null, kept.get(object.name) ?? []);
  }
}
