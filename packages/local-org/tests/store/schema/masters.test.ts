import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, beforeEach, describe, it } from 'node:test';
import { SHOP, testStore } from '../open.ts';

describe('masters and summaries that Salesforce does not take', () => {
  const dir = mkdtempSync(join(tmpdir(), 'store-masters-'));
  after(() => rmSync(dir, { recursive: true }));
  let project: string;
  let count = 0;
  beforeEach(() => {
    project = join(dir, String(++count));
    cpSync(SHOP, project, { recursive: true });
  });

  const write = (path: string, text: string): void => {
    const at = join(project, 'default/objects', path);
    mkdirSync(dirname(at), { recursive: true });
    writeFileSync(at, text);
  };
  const edit = (path: string, from: string, to: string): void => {
    const text = readFileSync(join(project, 'default/objects', path), 'utf8');
    assert.ok(text.includes(from), from);
    write(path, text.replace(from, to));
  };
  const problems = (): string => {
    try {
      testStore({ packageDirs: [project] }).store.close();
      return '';
    } catch (error) {
      return (error as Error).message;
    }
  };
  const object = (name: string): void =>
    write(
      `${name}/${name}.object-meta.xml`,
      `<CustomObject><label>${name}</label><pluralLabel>${name}</pluralLabel><nameField><label>N</label><type>Text</type></nameField></CustomObject>`,
    );
  const master = (of: string, name: string, to: string, order = 0): void =>
    write(
      `${of}/fields/${name}.field-meta.xml`,
      `<CustomField><fullName>${name}</fullName><label>M</label><type>MasterDetail</type><referenceTo>${to}</referenceTo><relationshipName>${of.replace('__c', '')}s</relationshipName><relationshipOrder>${order}</relationshipOrder></CustomField>`,
    );
  const TOTAL = 'Order__c/fields/Total__c.field-meta.xml';

  it('are none in the project as it is', () => assert.equal(problems(), ''));

  it('three levels of details are the most', () => {
    object('Part__c');
    master('Part__c', 'Item__c', 'Item__c');
    assert.equal(problems(), '');
    object('Screw__c');
    master('Screw__c', 'Part__c', 'Part__c');
    assert.match(problems(), /Screw__c: is a detail below more than 3 levels/);
  });

  it('two masters are the most', () => {
    master('Label_Use__c', 'Shop__c', 'Shop__c', 2);
    assert.match(problems(), /Label_Use__c: has 3 master-details: 2 are allowed/);
  });

  it('users, leads and the object itself are no masters; standard objects are no details', () => {
    object('Badge__c');
    master('Badge__c', 'User__c', 'User');
    object('Loop__c');
    master('Loop__c', 'Loop__c', 'Loop__c');
    master('Contract', 'Shop__c', 'Shop__c');
    const told = problems();
    assert.match(told, /Badge__c.User__c: a record of User cannot be a master/);
    assert.match(told, /Loop__c.Loop__c: a record cannot be a detail of its own kind/);
    assert.match(told, /Contract.Shop__c: a record of Contract cannot be a detail/);
  });

  const cases: [what: string, from: string, to: string, problem: RegExp][] = [
    [
      'a foreign key that is no master-detail',
      'Item__c.Order__c',
      'Item__c.Kind__c',
      /is no master-detail to Order__c/,
    ],
    ['an operation nobody knows', '>sum<', '>average<', /<summaryOperation> average is unknown/],
    ['a sum of text', 'Item__c.Price__c', 'Item__c.Kind__c', /Kind__c is of type string, of which there is no sum/],
    ['a sum of days', 'Item__c.Price__c', 'Item__c.Day__c', /Day__c is of type date, of which there is no sum/],
    ['a field of another object', 'Item__c.Price__c', 'Shop__c.Name', /Shop__c.Name is no field of Item__c/],
    ['a count of a field', '>sum<', '>count<', /<summarizedField> goes with sum, min and max/],
  ];
  for (const [what, from, to, problem] of cases)
    it(`a summary of ${what}`, () => {
      edit(TOTAL, from, to);
      assert.match(problems(), problem);
    });

  it('a summary of a formula that reads another record, or the clock', () => {
    edit('Item__c/fields/Net__c.field-meta.xml', 'Price__c / 2', 'Price__c / Order__r.Weight_Total__c');
    assert.match(problems(), /Item__c.Net__c reads another record/);
    edit('Item__c/fields/Net__c.field-meta.xml', 'Price__c / Order__r.Weight_Total__c', 'Price__c * DAY(TODAY())');
    assert.match(problems(), /Item__c.Net__c reads the clock/);
  });

  it('more than 25 summaries', () => {
    for (let number = 0; number < 25; number++) {
      cpSync(
        join(project, 'default/objects/Order__c/fields/Item_Count__c.field-meta.xml'),
        join(project, `default/objects/Order__c/fields/C${number}__c.field-meta.xml`),
      );
      edit(`Order__c/fields/C${number}__c.field-meta.xml`, 'Item_Count__c', `C${number}__c`);
    }
    assert.match(problems(), /Order__c has 34 roll-up summaries: 25 are allowed/);
  });
});
