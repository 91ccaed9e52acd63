import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { orgWith, request, run } from './org-fixture.ts';

describe('what Apex and the API do with deleted, merged and locked records', () => {
  const fixture = orgWith({});
  after(() => fixture.close());
  const account = async (Name: string): Promise<string> =>
    (await request(fixture, 'POST', '/sobjects/Account', { Name })).body.id as string;
  const queryAll = async (soql: string): Promise<Record<string, unknown>[]> => {
    const { body } = await request(fixture, 'GET', `/queryAll?q=${encodeURIComponent(soql)}`);
    return body.records.map(({ attributes: _attributes, ...values }: Record<string, unknown>) => values);
  };

  test('a merge of three accounts leaves two in the bin, which queryAll shows with their master', async () => {
    const [master, one, two] = await Promise.all(['Master', 'One', 'Two'].map(account));
    const child = (await request(fixture, 'POST', '/sobjects/Contact', { LastName: 'c', AccountId: two })).body
      .id as string;
    run(
      fixture,
      `Database.MergeResult result = Database.merge(new Account(Id = '${master}'), new List<Id>{ '${one}', '${two}' })[0];
       Assert.areEqual(new List<Id>{ '${one}', '${two}' }, result.getMergedRecordIds());
       Assert.areEqual(new List<Id>{ '${child}' }, result.getUpdatedRelatedIds());`,
    );
    const deleted = await queryAll(`SELECT Name, MasterRecordId FROM Account WHERE IsDeleted = true ORDER BY Name`);
    assert.deepEqual(deleted, [
      { Name: 'One', MasterRecordId: master },
      { Name: 'Two', MasterRecordId: master },
    ]);
    run(fixture, `undelete new Account(Id = '${one}');`);
    assert.deepEqual(await queryAll(`SELECT Name, IsDeleted, MasterRecordId FROM Account WHERE Id = '${one}'`), [
      { Name: 'One', IsDeleted: false, MasterRecordId: null },
    ]);
  });

  test('Database.emptyRecycleBin erases one record or many, by id or record', async () => {
    const ids = await Promise.all(['a', 'b', 'c'].map((name) => account(`Bin ${name}`)));
    assert.deepEqual(
      run(
        fixture,
        `List<Account> all = [SELECT Id FROM Account WHERE Name LIKE 'Bin %' ORDER BY Name];
         delete all;
         System.debug(Database.emptyRecycleBin(all[0]).isSuccess());
         System.debug(Database.emptyRecycleBin(new List<Id>{ all[1].Id })[0].getId() == all[1].Id);
         Database.EmptyRecycleBinResult[] results = Database.emptyRecycleBin(new List<Account>{ all[2], all[0] });
         System.debug(results[0].isSuccess());
         System.debug(results[1].getErrors()[0].getMessage());
         System.debug(Limits.getDmlStatements());`,
      ),
      ['true', 'true', 'true', 'the record is not in the recycle bin', '4'],
    );
    assert.deepEqual(await queryAll(`SELECT Id FROM Account WHERE Id IN ('${ids.join("','")}')`), []);
  });

  test('a row that another transaction holds is a DmlException, a QueryException, and an error of the API', async () => {
    const id = await account('Held');
    fixture.org.holdRows([id], 60_000);
    const tried = run(
      fixture,
      `try { update new Account(Id = '${id}'); } catch (DmlException e) { System.debug(e.getDmlType(0)); }
       try { Account a = [SELECT Id FROM Account WHERE Id = '${id}' FOR UPDATE]; } catch (QueryException e) { System.debug(e.getMessage().substringBefore(':')); }`,
    );
    assert.deepEqual(tried, ['UNABLE_TO_LOCK_ROW', 'Record Currently Unavailable']);
    const refused = await request(fixture, 'PATCH', `/sobjects/Account/${id}`, { Name: 'x' });
    assert.deepEqual([refused.status, refused.body[0].errorCode], [400, 'UNABLE_TO_LOCK_ROW']);
    fixture.org.releaseRows();
    assert.equal((await request(fixture, 'PATCH', `/sobjects/Account/${id}`, { Name: 'x' })).status, 204);
  });
});
