/** Characters that not every database can hold. */
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { orgWith, query, request, run } from './org-fixture.ts';

const HALVES = ['\ud83d', '\ude00', 'a\ud83d b', '\ude00\ud83d', `${'\ud83d\ude00'.repeat(3)}\ud83d`];

describe('characters', () => {
  const fixture = orgWith({
    'Body.cls': `@RestResource(urlMapping='/body') global class Body {
      @HttpGet global static String cut() { return 'a😀'.left(2); }
    }`,
  });
  after(() => fixture.close());

  for (const name of HALVES) {
    test(`half of a surrogate pair is refused: ${JSON.stringify(name)}`, async () => {
      const { status, body } = await request(fixture, 'POST', '/sobjects/Account', { Name: name });
      assert.equal(status, 400);
      assert.deepEqual(
        body.map(({ errorCode, fields }: any) => ({ errorCode, fields })),
        [{ errorCode: 'FIELD_INTEGRITY_EXCEPTION', fields: ['Name'] }],
      );
      assert.ok(JSON.stringify(body).isWellFormed());
    });
  }

  test('half of a surrogate pair fails its own record only, in Apex too', () => {
    const apex = `List<Account> all = new List<Account>{ new Account(Name = 'one'), new Account(Name = 'a😀'.left(2)), new Account(Name = 'b😀') };
      for (Database.SaveResult result : Database.insert(all, false)) System.debug(result.isSuccess() ? 'saved' : '' + result.getErrors()[0].getStatusCode());
      System.debug([SELECT Name FROM Account WHERE Name IN ('one', 'b😀')].size());`;
    assert.deepEqual(run(fixture, apex), ['saved', 'FIELD_INTEGRITY_EXCEPTION', 'saved', '2']);
  });

  test('truncation cuts no character in two', () => {
    const apex = `Account a = new Account(Name = 'x'.repeat(254) + '😀');
      Database.DMLOptions options = new Database.DMLOptions(); options.allowFieldTruncation = true;
      System.debug(Database.insert(a, options).isSuccess());
      System.debug([SELECT Name FROM Account WHERE Id = :a.Id].Name.length());`;
    assert.deepEqual(run(fixture, apex), ['true', '254']);
  });

  test('NUL and other control characters are stored, as Salesforce does', async () => {
    const name = 'a\0b\u0001c\u001fd\u007fe\uffff';
    const created = await request(fixture, 'POST', '/sobjects/Account', { Name: name });
    assert.equal(created.status, 201);
    const { body } = await request(fixture, 'GET', `/sobjects/Account/${created.body.id}?fields=Name`);
    assert.equal(body.Name, name);
    assert.equal((await query(fixture, `SELECT Id FROM Account WHERE Id = '${created.body.id}'`)).length, 1);
    assert.deepEqual(
      run(fixture, `System.debug([SELECT Name FROM Account WHERE Id = '${created.body.id}'].Name.length());`),
      [String(name.length)],
    );
  });

  test('what Apex answers over REST is UTF-8', async () => {
    const response = await fixture.org.handle({
      method: 'GET',
      url: '/services/apexrest/body',
      headers: { authorization: `Bearer ${fixture.org.info.accessToken}` },
      body: '',
    });
    assert.ok(response.body.isWellFormed(), JSON.stringify(response.body));
    JSON.parse(response.body);
  });

  test('metadata with a character that XML does not have is refused', () => {
    for (const bad of ['\0', '\u0008', '&#0;', '&#x1f;']) {
      const field = `<?xml version="1.0" encoding="UTF-8"?>
<CustomField xmlns="http://soap.sforce.com/2006/04/metadata"><fullName>Odd__c</fullName><label>x${bad}y</label><type>Text</type><length>9</length></CustomField>`;
      assert.throws(
        () => orgWith({ 'objects/Account/fields/Odd__c.field-meta.xml': field }),
        /Odd__c\.field-meta\.xml: an invalid XML character \(.*\) was found at line 2/,
      );
    }
  });
});
