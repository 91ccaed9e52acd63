import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { FieldSchema, Store } from '../../../src/store/types.ts';
import type { LocalStore } from '../../../src/store/local-store.ts';
import { testStore } from '../open.ts';

describe('the schema', () => {
  let store: Store;
  before(() => (store = testStore().store));
  const field = (object: string, name: string): FieldSchema =>
    store.schema.objects.get(object.toLowerCase())!.fields.get(name.toLowerCase())!;

  it('has the standard catalogue and what the project adds to it', () => {
    assert.equal(field('Case', 'Subject').length, 255);
    assert.deepEqual(
      [field('Case', 'Secret__c').custom, field('Case', 'Secret__c').type, field('Case', 'Secret__c').length],
      [true, 'string', 40],
    );
  });

  it('maps every type of custom field', () => {
    const types = [...store.schema.objects.get('book__c')!.fields.values()]
      .filter((each) => each.custom)
      .map((each) => `${each.name}: ${each.type}`);
    assert.deepEqual(types.sort(), [
      'Acquired__c: datetime',
      'Blurb__c: textarea',
      'Contact_Email__c: email',
      'Discount__c: percent',
      'Due__c: date',
      'Full_Title__c: string',
      'Genre__c: picklist',
      'Inventory__c: string',
      'Is_Old__c: boolean',
      'Isbn__c: string',
      'Language__c: picklist',
      'Lendable__c: boolean',
      'Mood__c: picklist',
      'Net_Price__c: currency',
      'Note__c: textarea',
      'Opens__c: time',
      'Pages__c: double',
      'Phone__c: phone',
      'Price__c: currency',
      'Published__c: date',
      'Publisher_Name__c: string',
      'Publisher__c: reference',
      'Sequel_To__c: reference',
      'Shelf_Mark__c: string',
      'Site__c: url',
      'Source__c: string',
      'Subtitle__c: string',
      'Tags__c: multipicklist',
      'Weight__c: double',
    ]);
  });

  it('knows external ids, uniqueness, precision and read-only fields', () => {
    const { externalId, unique, idLookup, caseSensitive } = field('Book__c', 'Isbn__c');
    assert.deepEqual([externalId, unique, idLookup, caseSensitive], [true, true, true, false]);
    assert.deepEqual([field('Book__c', 'Weight__c').precision, field('Book__c', 'Weight__c').scale], [6, 3]);
    for (const name of ['Inventory__c', 'Full_Title__c'])
      assert.deepEqual([field('Book__c', name).createable, field('Book__c', name).updateable], [false, false]);
    assert.deepEqual([field('Copy__c', 'Book__c').createable, field('Copy__c', 'Book__c').updateable], [true, false]);
  });

  it('takes picklists from the field, from global and from standard value sets', () => {
    const values = (object: string, name: string): string[] =>
      field(object, name).picklist!.map((value) => value.value);
    assert.deepEqual(values('Book__c', 'Genre__c'), ['Novel', 'Poetry', 'Essay']);
    assert.deepEqual(
      [values('Book__c', 'Language__c'), field('Book__c', 'Language__c').restricted],
      [['en', 'de'], true],
    );
    assert.deepEqual(values('Case', 'Status'), ['New', 'Working', 'Solved', 'Closed']);
  });

  it('links children to parents', () => {
    const children = store.schema.objects.get('book__c')!.childRelationships;
    assert.deepEqual([...children.values()].map((link) => `${link.name}: ${link.object}.${link.field}`).sort(), [
      'Cases__r: Case.Book__c',
      'Copies__r: Copy__c.Book__c',
      'Sequels__r: Book__c.Sequel_To__c',
    ]);
    assert.deepEqual(store.schema.objects.get('account')!.childRelationships.get('cases'), {
      name: 'Cases',
      object: 'Case',
      field: 'AccountId',
    });
  });

  it('gives key prefixes by kind', () => {
    const prefixes = ['Book__c', 'Copy__c', 'Diary__c', 'Preference__c', 'Book_Returned__e', 'Tariff__mdt', 'Case'].map(
      (name) => store.schema.objects.get(name.toLowerCase())!.keyPrefix,
    );
    assert.deepEqual(prefixes, ['a00', 'a01', 'a02', 'a03', 'e00', 'm00', '500']);
    assert.equal(store.schema.byKeyPrefix.get('a01')!.name, 'Copy__c');
  });

  it('knows what kind an object is and what can be done with it', () => {
    const object = (name: string): unknown[] => {
      const { kind, createable, queryable, triggerable, undeletable } = store.schema.objects.get(name.toLowerCase())!;
      return [kind, createable, queryable, triggerable, undeletable];
    };
    assert.deepEqual(object('Book__c'), ['custom', true, true, true, true]);
    assert.deepEqual(object('Tariff__mdt'), ['customMetadata', false, true, false, false]);
    assert.deepEqual(object('Book_Returned__e'), ['platformEvent', true, false, true, false]);
    assert.deepEqual(object('Preference__c'), ['customSetting', true, true, false, false]);
    assert.equal(store.schema.objects.get('book_returned__e')!.publishBehavior, 'PublishAfterCommit');
    assert.equal(store.schema.objects.get('copy__c')!.fields.has('ownerid'), false);
  });
});

describe('metadata that cannot be taken over', () => {
  const dir = mkdtempSync(join(tmpdir(), 'store-metadata-'));
  after(() => rmSync(dir, { recursive: true }));

  /** What opening a project with these files says. */
  function problemsOf(name: string, files: Record<string, string>): string {
    const root = join(dir, name);
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    try {
      testStore({ packageDirs: [root] }).store.close();
      return '';
    } catch (error) {
      return (error as Error).message.replaceAll(`${root}/`, '');
    }
  }
  const field = (body: string): string => `<CustomField><fullName>A__c</fullName><label>A</label>${body}</CustomField>`;

  const cases: [what: string, path: string, text: string, problem: string][] = [
    [
      'an unknown field type',
      'objects/Case/fields/A__c.field-meta.xml',
      field('<type>Location</type>'),
      'Case.A__c is of type Location, which the local org does not support',
    ],
    [
      'a roll-up summary that does not say of what',
      'objects/Case/fields/A__c.field-meta.xml',
      field('<type>Summary</type>'),
      '<CustomField> has no <summaryForeignKey>',
    ],
    [
      'an unknown element',
      'objects/Case/fields/A__c.field-meta.xml',
      field('<type>Text</type><colour>red</colour>'),
      '<CustomField> has <colour>, which the local org does not know',
    ],
    [
      'a lookup filter',
      'objects/Case/fields/A__c.field-meta.xml',
      field('<type>Lookup</type><lookupFilter/>'),
      '<CustomField> has <lookupFilter>, which the local org does not know',
    ],
    [
      'a lookup to nowhere',
      'objects/Case/fields/A__c.field-meta.xml',
      field('<type>Lookup</type><referenceTo>Ghost__c</referenceTo>'),
      'looks up Ghost__c, which does not exist',
    ],
    [
      'an object that is not in the catalogue',
      'objects/Zebra/Zebra.object-meta.xml',
      '<CustomObject/>',
      "the standard object Zebra is not in the local org's catalogue",
    ],
    [
      'a field without an object',
      'objects/Ghost__c/fields/A__c.field-meta.xml',
      field('<type>Text</type>'),
      'belongs to Ghost__c, which has no object-meta.xml',
    ],
    [
      'XML that is not well-formed',
      'objects/Case/fields/A__c.field-meta.xml',
      '<CustomField>\n<a></CustomField>',
      'not well-formed at line 2',
    ],
    [
      'a permission for a field that does not exist',
      'permissionsets/P.permissionset-meta.xml',
      '<PermissionSet><label>P</label><fieldPermissions><editable>true</editable><field>Case.Ghost__c</field><readable>true</readable></fieldPermissions></PermissionSet>',
      '<fieldPermissions> names Case.Ghost__c, which does not exist',
    ],
    [
      'a permission for a required field',
      'permissionsets/P.permissionset-meta.xml',
      '<PermissionSet><label>P</label><fieldPermissions><editable>true</editable><field>Account.Name</field><readable>true</readable></fieldPermissions></PermissionSet>',
      'Account.Name, whose access cannot be granted',
    ],
    [
      'a record of an unknown metadata type',
      'customMetadata/Ghost.A.md-meta.xml',
      '<CustomMetadata><label>A</label></CustomMetadata>',
      'is a record of Ghost__mdt, which does not exist',
    ],
  ];
  for (const [index, [what, path, text, problem]] of cases.entries()) {
    it(`is named: ${what}`, () => {
      const message = problemsOf(`case-${index}`, { [path]: text });
      assert.ok(message.includes(problem), message);
      if (!problem.startsWith('looks up')) assert.ok(message.includes(path.split('/').at(-1)!), message);
    });
  }

  it('of types that the local org does not have is listed, and the rest loads', () => {
    const root = join(dir, 'unsupported');
    for (const path of ['sharingRules/F.sharingRules-meta.xml', 'things/T.thing-meta.xml']) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), '<X/>');
    }
    const store = testStore({ packageDirs: [root] }).store as LocalStore;
    assert.deepEqual(
      store.unsupported.map(({ file, problem }) => [file.slice(root.length + 1), problem]),
      [
        [
          'sharingRules/F.sharingRules-meta.xml',
          'metadata of type sharingRules is not supported by the local org: it has no effect here',
        ],
        ['things/T.thing-meta.xml', 'unknown metadata type thing: it has no effect in the local org'],
      ],
    );
    store.close();
  });

  it('is all told at once', () => {
    const message = problemsOf('both', {
      'objects/Case/fields/A__c.field-meta.xml': field('<type>Summary</type>'),
      'objects/Case/fields/B__c.field-meta.xml': field('<type>Nothing</type>'),
    });
    assert.equal(message.split('\n').length, 2, message);
  });
});
