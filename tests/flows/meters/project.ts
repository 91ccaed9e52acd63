/** A Salesforce project of core and one object that exists nowhere else: meters. */
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../../..');
const HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n';
const NAMESPACE = 'xmlns="http://soap.sforce.com/2006/04/metadata"';

const numbered = (name: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${name}_${index + 1}__c`);

const TEXTS = ['Key__c', 'Name_Plate__c', ...numbered('Digest_Large', 5), ...numbered('Digest_Small', 4)];
const NUMBERS = ['Reading__c', 'Digest_K1__c', 'Digest_K2__c', 'Digest_D__c', 'Digest_C__c'];

const field = (name: string, type: string): [string, string] => [
  `objects/Meter__c/fields/${name}.field-meta.xml`,
  `${HEAD}<CustomField ${NAMESPACE}><fullName>${name}</fullName><label>${name.slice(0, -3)}</label>${type}</CustomField>`,
];

const FILES = new Map<string, string>([
  [
    'objects/Meter__c/Meter__c.object-meta.xml',
    `${HEAD}<CustomObject ${NAMESPACE}><label>Meter</label><pluralLabel>Meters</pluralLabel><deploymentStatus>Deployed</deploymentStatus><sharingModel>ReadWrite</sharingModel><nameField><label>Number</label><type>AutoNumber</type><displayFormat>M-{0}</displayFormat></nameField></CustomObject>`,
  ],
  ...TEXTS.map((name) => field(name, '<length>80</length><type>Text</type>')),
  ...NUMBERS.map((name) => field(name, '<precision>12</precision><scale>0</scale><type>Number</type>')),
  [
    'classes/MeterFlow.cls',
    `public class MeterFlow implements ConcordFlow {
    public List<String> problems() { return new List<String>(); }
    public Schedulable job() { return null; }
    public Schedulable housekeeping() { return null; }
    public void link(List<ReportedDiscrepancy> reported) {}
    public Boolean awaitsRenewal() { return false; }
}`,
  ],
  [
    'classes/MeterFlow.cls-meta.xml',
    `${HEAD}<ApexClass ${NAMESPACE}><apiVersion>67.0</apiVersion><status>Active</status></ApexClass>`,
  ],
  [
    'customMetadata/Concord_Flow.meters.md-meta.xml',
    `${HEAD}<CustomMetadata ${NAMESPACE} xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema"><label>Meters</label><protected>false</protected><values><field>Apex_Class__c</field><value xsi:type="xsd:string">MeterFlow</value></values></CustomMetadata>`,
  ],
]);

export interface Project {
  folder: string;
  remove: () => void;
}

export const projectOfMeters = (): Project => {
  const folder = mkdtempSync(join(tmpdir(), 'concord-meters-'));
  cpSync(join(ROOT, 'force-app/core/main'), join(folder, 'core'), { recursive: true });
  for (const [path, text] of FILES) {
    const file = join(folder, 'meters', path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  const packageDirectories = [{ path: 'core', default: true }, { path: 'meters' }];
  writeFileSync(join(folder, 'sfdx-project.json'), JSON.stringify({ packageDirectories, sourceApiVersion: '67.0' }));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
};
