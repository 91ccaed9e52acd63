import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { customObject, orgWith, run } from './org-fixture.ts';

describe('DML and queries', () => {
  const fixture = orgWith({
    'objects/Thing__c/Thing__c.object-meta.xml': customObject('Thing', {
      Number__c: '<type>Text</type><length>10</length><externalId>true</externalId><unique>true</unique>',
      Amount__c: '<type>Number</type><precision>9</precision><scale>2</scale>',
      Parent__c:
        '<type>Lookup</type><referenceTo>Thing__c</referenceTo><relationshipName>Parts</relationshipName><relationshipLabel>Parts</relationshipLabel>',
    }),
  });
  after(() => fixture.close());
  /** Runs statements and answers what the exception that they throw says. */
  const thrown = (apex: string): string =>
    run(
      fixture,
      `try { ${apex} System.debug('nothing'); } catch (Exception e) { System.debug(e.getTypeName() + ': ' + e.getMessage()); }`,
    ).join('\n');

  test('an insert gives ids, a failed one gives none', () => {
    assert.deepEqual(
      run(
        fixture,
        `Thing__c good = new Thing__c(Name = 'good');
        insert good;
        Thing__c bad = new Thing__c(Name = 'bad', Number__c = '12345678901');
        try { insert new List<Thing__c>{ bad }; } catch (DmlException e) { System.debug(bad.Id + ' ' + e.getDmlType(0) + ' ' + e.getNumDml() + ' ' + e.getDmlFieldNames(0)); }
        System.debug(good.Id != null);`,
      ),
      ['null STRING_TOO_LONG 1 (Number__c)', 'true'],
    );
  });

  test('DmlException says row, id, code and fields', () => {
    assert.equal(
      thrown("insert new Contact(FirstName = 'x');"),
      'System.DmlException: Insert failed. First exception on row 0; first error: REQUIRED_FIELD_MISSING, Required fields are missing: [LastName]: [LastName]',
    );
    assert.match(
      thrown("Thing__c t = new Thing__c(Name = 'u'); insert t; t.Number__c = '12345678901'; update t;"),
      /^System\.DmlException: Update failed\. First exception on row 0 with id \w{18}; first error: STRING_TOO_LONG/,
    );
    assert.match(
      thrown("update new Thing__c(Name = 'no id');"),
      /MISSING_ARGUMENT, Id not specified in an update call: \[\]/,
    );
    assert.match(
      thrown("Thing__c t = new Thing__c(Name = 'i'); insert t; insert t;"),
      /INVALID_FIELD_FOR_INSERT_UPDATE, cannot specify Id in an insert call: \[Id\]/,
    );
  });

  test('null lists and null rows are null-pointer exceptions; empty lists are nothing', () => {
    assert.equal(
      thrown('List<Case> none; insert none;'),
      'System.NullPointerException: Attempt to de-reference a null object',
    );
    assert.equal(
      thrown('insert new List<Case>{ null };'),
      'System.NullPointerException: Attempt to de-reference a null object',
    );
    assert.deepEqual(run(fixture, 'insert new List<Case>(); System.debug(Limits.getDmlStatements());'), ['0']);
  });

  test('a list may not hold a record twice', () => {
    assert.equal(
      thrown('Case c = new Case(); insert new List<Case>{ c, c };'),
      'System.ListException: Before Insert or Upsert list must not have two identically equal elements',
    );
    assert.match(
      thrown('Case c = new Case(); insert c; update new List<Case>{ c, new Case(Id = c.Id) };'),
      /^System\.ListException: Duplicate id in list: 500/,
    );
  });

  test('one call takes ten chunks of objects, not eleven', () => {
    const records = (n: number): string =>
      `List<SObject> records = new List<SObject>(); for (Integer i = 0; i < ${n}; i++) { if (Math.mod(i, 2) == 0) records.add(new Account(Name = 'a')); else records.add(new Thing__c(Name = 't')); } insert records;`;
    assert.equal(thrown(records(10)), 'nothing');
    assert.equal(
      thrown(records(11)),
      'System.TypeException: Cannot have more than 10 chunks in a single operation. Please rearrange the data to reduce chunking.',
    );
  });

  test('setup and other objects do not mix', () => {
    assert.match(
      thrown("insert new Account(Name = 'a'); insert new Group(Name = 'g', Type = 'Regular');"),
      /MIXED_DML_OPERATION, DML operation on setup object is not permitted/,
    );
  });

  test('upsert by external id, and a parent named by its external id', () => {
    assert.deepEqual(
      run(
        fixture,
        `upsert new Thing__c(Name = 'first', Number__c = 'A1') Number__c;
        Database.UpsertResult again = Database.upsert(new Thing__c(Name = 'second', Number__c = 'a1'), Thing__c.Number__c);
        System.debug(again.isCreated() + ' ' + [SELECT Name FROM Thing__c WHERE Number__c = 'A1'].Name);
        Thing__c part = new Thing__c(Name = 'part', Parent__r = new Thing__c(Number__c = 'A1'));
        insert part;
        System.debug([SELECT Parent__r.Name FROM Thing__c WHERE Id = :part.Id].Parent__r.Name);
        System.debug([SELECT Id, (SELECT Name FROM Parts__r) FROM Thing__c WHERE Number__c = 'A1'].Parts__r[0].Name);`,
      ),
      ['false second', 'second', 'part'],
    );
  });

  test('rollback undoes records, not memory', () => {
    assert.deepEqual(
      run(
        fixture,
        `Savepoint before = Database.setSavepoint();
        Account undone = new Account(Name = 'undone');
        insert undone;
        Database.rollback(before);
        System.debug([SELECT COUNT() FROM Account WHERE Name = 'undone'] + ' ' + (undone.Id != null) + ' ' + Limits.getDmlStatements());`,
      ),
      ['0 true 3'],
    );
  });

  test('queried records know what was queried', () => {
    assert.match(
      thrown(
        "insert new Account(Name = 'q'); Account a = [SELECT Id FROM Account WHERE Name = 'q']; System.debug(a.Name);",
      ),
      /^System\.SObjectException: SObject row was retrieved via SOQL without querying the requested field: Account\.Name/,
    );
    assert.equal(
      thrown("Account a = [SELECT Id FROM Account WHERE Name = 'nobody'];"),
      'System.QueryException: List has no rows for assignment to SObject',
    );
    assert.equal(
      thrown(
        "insert new List<Account>{ new Account(Name = 'two'), new Account(Name = 'two') }; Account a = [SELECT Id FROM Account WHERE Name = 'two'];",
      ),
      'System.QueryException: List has more than 1 row for assignment to SObject',
    );
  });

  test('ids come with every record and parent, selected or not', () => {
    assert.deepEqual(
      run(
        fixture,
        `Account parent = new Account(Name = 'parent');
        insert parent;
        insert new Contact(LastName = 'child', AccountId = parent.Id);
        Contact child = [SELECT LastName, Account.Name FROM Contact WHERE LastName = 'child'];
        System.debug((child.Id != null) + ' ' + (child.AccountId == parent.Id) + ' ' + (child.Account.Id == parent.Id));
        child.LastName = 'changed';
        update child;`,
      ),
      ['true true true'],
    );
  });

  test('numbers come back with the scale of their field; aggregates have types', () => {
    assert.deepEqual(
      run(
        fixture,
        `insert new List<Thing__c>{ new Thing__c(Name = 's', Amount__c = 1.5), new Thing__c(Name = 's', Amount__c = 2) };
        for (Thing__c t : [SELECT Amount__c FROM Thing__c WHERE Name = 's' ORDER BY Amount__c]) System.debug(t.Amount__c);
        AggregateResult sums = [SELECT COUNT(Id) n, SUM(Amount__c) total, MAX(Name) FROM Thing__c WHERE Name = 's'];
        System.debug((Integer) sums.get('n') + ' ' + (Decimal) sums.get('total') + ' ' + sums.get('expr0'));`,
      ),
      ['1.50', '2.00', '2 3.5 s'],
    );
  });

  test('dynamic queries see local variables and maps of binds', () => {
    assert.deepEqual(
      run(
        fixture,
        `insert new Account(Name = 'dynamic');
        String wanted = 'dynamic';
        Map<String, String> unbound = new Map<String, String>{ 'a' => 'b' };
        System.debug(Database.query('SELECT Id FROM Account WHERE Name = :wanted').size());
        System.debug(Database.queryWithBinds('SELECT Id FROM Account WHERE Name IN :names', new Map<String, Object>{ 'names' => new Set<String>{ 'dynamic' } }, AccessLevel.SYSTEM_MODE).size());
        System.debug(Database.countQuery('SELECT COUNT() FROM Account WHERE Name = :wanted'));`,
      ),
      ['1', '1', '1'],
    );
  });

  test('merge moves children and deletes the loser', () => {
    assert.deepEqual(
      run(
        fixture,
        `Account kept = new Account(Name = 'kept'); Account lost = new Account(Name = 'lost');
        insert new List<Account>{ kept, lost };
        Contact person = new Contact(LastName = 'p', AccountId = lost.Id);
        insert person;
        merge kept lost;
        System.debug([SELECT AccountId FROM Contact WHERE Id = :person.Id].AccountId == kept.Id);
        System.debug([SELECT COUNT() FROM Account WHERE Id = :lost.Id]);`,
      ),
      ['true', '0'],
    );
  });
});
