import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { strToU8, zipSync } from 'fflate';
import type { OrgConnection } from '../../src/story/org/connect.ts';

/** An administrator switches the locks of usage entries off, or on again. */
export const deployLocks = async (admin: OrgConnection, isOn: boolean): Promise<void> => {
  const source = (path: string): string =>
    readFileSync(new URL(`../../force-app/usage/main/default/${path}`, import.meta.url), 'utf8');
  const rule = source('objects/Usage_Entry__c/validationRules/Contract_Not_Fulfilled.validationRule-meta.xml')
    .replace(/^<\?xml.*\n<ValidationRule[^>]*>/, '<validationRules>')
    .replace('</ValidationRule>', '</validationRules>')
    .replace('<active>true</active>', `<active>${isOn}</active>`);
  const namespace = 'xmlns="http://soap.sforce.com/2006/04/metadata"';
  const files = {
    'package.xml': `<?xml version="1.0" encoding="UTF-8"?><Package ${namespace}><types><members>UsageEntries</members><name>ApexTrigger</name></types><types><members>Usage_Entry__c.Contract_Not_Fulfilled</members><name>ValidationRule</name></types><version>67.0</version></Package>`,
    'triggers/UsageEntries.trigger': source('triggers/UsageEntries.trigger'),
    'triggers/UsageEntries.trigger-meta.xml': source('triggers/UsageEntries.trigger-meta.xml').replace(
      'Active',
      isOn ? 'Active' : 'Inactive',
    ),
    'objects/Usage_Entry__c.object': `<?xml version="1.0" encoding="UTF-8"?><CustomObject ${namespace}>${rule}</CustomObject>`,
  };
  const zip = zipSync(Object.fromEntries(Object.entries(files).map(([path, text]) => [path, strToU8(text)])));
  const result = await admin.metadata
    .deployRest(Buffer.from(zip), { rollbackOnError: true, testLevel: 'NoTestRun', singlePackage: true })
    .complete(true);
  assert.equal(result.status, 'Succeeded', JSON.stringify(result));
};
