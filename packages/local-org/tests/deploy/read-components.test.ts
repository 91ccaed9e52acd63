import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readManifest } from '../../src/deploy/manifest.ts';
import { MetadataTypes } from '../../src/deploy/metadata-types.ts';
import { readComponents } from '../../src/deploy/read-components.ts';
import { readZip } from '../../src/deploy/read-zip.ts';
import { canonicalPath, componentKey } from '../../src/deploy/source-tree.ts';
import { BadDeployment } from '../../src/deploy/types.ts';
import { apexClass, manifest, zipOf, type Files } from './support.ts';

const types = new MetadataTypes();

const contents = (files: Files) => {
  const [pack] = readZip(zipOf(files));
  return readComponents(
    types,
    pack!,
    readManifest('package.xml', Buffer.from(pack!.files.get('package.xml')!).toString()),
  );
};

test('an object file becomes a file for each of its parts', () => {
  const { components, problems } = contents({
    'package.xml': manifest({ CustomObject: ['Order__c'] }),
    'objects/Order__c.object': `<CustomObject xmlns="http://soap.sforce.com/2006/04/metadata">
      <label>Order &amp; More</label>
      <fields><fullName>Code__c</fullName><type>Text</type></fields>
      <validationRules><fullName>Filled</fullName><errorConditionFormula>ISBLANK(Code__c) &amp;&amp; 1 &lt; 2</errorConditionFormula></validationRules>
    </CustomObject>`,
  });
  assert.deepEqual(problems, []);
  assert.deepEqual(
    components.map(({ type, fullName, files }) => [type, fullName, ...files.keys()]),
    [
      ['CustomObject', 'Order__c', 'objects/Order__c/Order__c.object-meta.xml'],
      ['CustomField', 'Order__c.Code__c', 'objects/Order__c/fields/Code__c.field-meta.xml'],
      ['ValidationRule', 'Order__c.Filled', 'objects/Order__c/validationRules/Filled.validationRule-meta.xml'],
    ],
  );
  const text = (index: number): string => Buffer.from([...components[index]!.files.values()][0]!).toString('utf8');
  assert.match(text(0), /<label>Order &amp; More<\/label>/);
  assert.match(text(2), /ISBLANK\(Code__c\) &amp;&amp; 1 &lt; 2/);
});

test('packages in folders of the zip are read too', () => {
  const files = { 'package.xml': manifest({ ApexClass: ['A'] }), ...apexClass('A', 'class A {}') };
  const packages = readZip(
    zipOf(Object.fromEntries(Object.entries(files).map(([path, text]) => [`shape/${path}`, text]))),
  );
  assert.deepEqual(
    packages.map((pack) => [pack.root, ...pack.files.keys()]),
    [['shape/', ...Object.keys(files)]],
  );
});

test('an object file that is no object is a failure of that object', () => {
  const { problems } = contents({
    'package.xml': manifest({ CustomObject: ['A__c'] }),
    'objects/A__c.object': '<Profile/>',
  });
  assert.deepEqual(
    problems.map(({ fullName, problem }) => [fullName, problem]),
    [['A__c', 'the root element is not <CustomObject>']],
  );
});

test('a file of no known type is a failure', () => {
  const { problems } = contents({ 'package.xml': manifest({}), 'holograms/A.hologram': '<Hologram/>' });
  assert.match(problems[0]!.problem!, /no metadata type that the local org knows/);
});

test('canonical paths keep bundles, objects and report folders, and drop other folders', () => {
  const canonical = (path: string): string => canonicalPath(types, path.split('/'));
  assert.equal(canonical('main/default/classes/cases/A.cls-meta.xml'), 'classes/A.cls-meta.xml');
  assert.equal(canonical('main/default/lwc/badge/parts/badge.js'), 'lwc/badge/parts/badge.js');
  assert.equal(
    canonical('main/default/objects/Case/fields/A__c.field-meta.xml'),
    'objects/Case/fields/A__c.field-meta.xml',
  );
  assert.equal(canonical('main/default/reports/Mine/All.report-meta.xml'), 'reports/Mine/All.report-meta.xml');
  assert.equal(canonical('main/default/staticresources/logo.png'), 'staticresources/logo.png');
});

test('files of one component have one key, in any case', () => {
  assert.equal(componentKey(types, 'classes/A.cls'), componentKey(types, 'classes/a.cls-meta.xml'));
  assert.equal(componentKey(types, 'lwc/badge/badge.js'), componentKey(types, 'lwc/badge/parts/x.css'));
  assert.equal(
    componentKey(types, 'staticresources/logo.png'),
    componentKey(types, 'staticresources/logo.resource-meta.xml'),
  );
  assert.notEqual(
    componentKey(types, 'objects/A/fields/X__c.field-meta.xml'),
    componentKey(types, 'objects/A/fields/Y__c.field-meta.xml'),
  );
});

test('a manifest that is none says so', () => {
  assert.throws(
    () => readManifest('package.xml', '<Other/>'),
    new BadDeployment('package.xml: the root element is not <Package>'),
  );
});
