import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

const meta = (type: string, content: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<${type} xmlns="http://soap.sforce.com/2006/04/metadata">${content}</${type}>\n`;

const field = (name: string, type: string, more = ''): string =>
  meta('CustomField', `<fullName>${name}</fullName><label>${name}</label><type>${type}</type>${more}`);

const KEY = field('Key__c', 'Text', '<length>40</length><externalId>true</externalId><unique>true</unique>');

const FILES: Record<string, string> = {
  'objects/Account/fields/Key__c.field-meta.xml': KEY,
  'objects/Account/fields/Limit__c.field-meta.xml': field(
    'Limit__c',
    'Currency',
    '<precision>18</precision><scale>4</scale>',
  ),
  'objects/Account/fields/Active__c.field-meta.xml': field(
    'Active__c',
    'Checkbox',
    '<defaultValue>false</defaultValue>',
  ),
  'objects/Account/fields/Since__c.field-meta.xml': field('Since__c', 'Date'),
  'objects/Store__c/Store__c.object-meta.xml': meta(
    'CustomObject',
    '<label>Store</label><pluralLabel>Stores</pluralLabel><nameField><label>Name</label><type>Text</type></nameField><deploymentStatus>Deployed</deploymentStatus><sharingModel>ReadWrite</sharingModel>',
  ),
  'objects/Store__c/fields/Key__c.field-meta.xml': KEY,
  'objects/Store__c/fields/Account__c.field-meta.xml': field(
    'Account__c',
    'Lookup',
    '<referenceTo>Account</referenceTo><relationshipName>Stores</relationshipName><deleteConstraint>SetNull</deleteConstraint>',
  ),
  'objects/Store__c/fields/Parent__c.field-meta.xml': field(
    'Parent__c',
    'Lookup',
    '<referenceTo>Store__c</referenceTo><relationshipName>Branches</relationshipName><deleteConstraint>SetNull</deleteConstraint>',
  ),
  'objects/Store__c/fields/Kind__c.field-meta.xml': field(
    'Kind__c',
    'Picklist',
    `<valueSet><restricted>true</restricted><valueSetDefinition><sorted>false</sorted>${['Shop', 'Kiosk']
      .map((value) => `<value><fullName>${value}</fullName><default>false</default><label>${value}</label></value>`)
      .join('')}</valueSetDefinition></valueSet>`,
  ),
  'permissionsets/Feeds.permissionset-meta.xml': meta(
    'PermissionSet',
    `<label>Feeds</label>${[
      'Account.Key__c',
      'Account.Limit__c',
      'Account.Active__c',
      'Account.Since__c',
      'Account.Phone',
      'Account.Description',
      'Store__c.Key__c',
      'Store__c.Account__c',
      'Store__c.Parent__c',
      'Store__c.Kind__c',
    ]
      .map(
        (name) =>
          `<fieldPermissions><field>${name}</field><readable>true</readable><editable>true</editable></fieldPermissions>`,
      )
      .join('')}${['Account', 'Store__c']
      .map(
        (name) =>
          `<objectPermissions><object>${name}</object><allowCreate>true</allowCreate><allowRead>true</allowRead><allowEdit>true</allowEdit><allowDelete>true</allowDelete><viewAllRecords>true</viewAllRecords><modifyAllRecords>true</modifyAllRecords></objectPermissions>`,
      )
      .join('')}`,
  ),
};

const ROOT = resolve(import.meta.dirname, '../../..');

/** The package directories of this project that keep the book of runs. */
const bookDirectories = (): { path: string }[] =>
  (
    JSON.parse(readFileSync(join(ROOT, 'sfdx-project.json'), 'utf8')) as { packageDirectories: { path: string }[] }
  ).packageDirectories.filter(({ path }) => /^force-app\/(core|feeds)\b/.test(path));

/**
 * An SFDX project with what the tests of feeds write to: Accounts with a key, and stores below them. `hasBook`: with the
 * product's core and feeds.
 */
export const retailProject = (hasBook: boolean): { folder: string; remove: () => void } => {
  const folder = mkdtempSync(join(tmpdir(), 'concord-feeds-'));
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  symlinkSync(join(ROOT, 'force-app'), join(folder, 'force-app'));
  write(
    'sfdx-project.json',
    JSON.stringify({
      packageDirectories: [...(hasBook ? bookDirectories() : []), { path: 'app', default: true }].map((directory) => ({
        path: directory.path,
        default: directory.path === 'app',
      })),
      sourceApiVersion: '67.0',
    }),
  );
  for (const [path, text] of Object.entries(FILES)) write(`app/${path}`, text);
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
};
