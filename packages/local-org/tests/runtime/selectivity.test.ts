import assert from 'node:assert/strict';
import { after, before, describe, it, test } from 'node:test';
import { threshold } from '../../src/store/soql/selectivity/thresholds.ts';
import { orgWith, query, request, run } from './org-fixture.ts';

const field = (name: string, rest: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?><CustomField xmlns="http://soap.sforce.com/2006/04/metadata"><fullName>${name}</fullName><label>${name}</label>${rest}</CustomField>`;
const TEXT = '<type>Text</type><length>20</length>';
const INDEXED = '<externalId>true</externalId>';

const FILES = {
  'objects/Case/fields/Hash__c.field-meta.xml': field(
    'Hash__c',
    `<type>Number</type><precision>9</precision><scale>0</scale>${INDEXED}`,
  ),
  'objects/Case/fields/Mark__c.field-meta.xml': field('Mark__c', TEXT + INDEXED),
  'objects/Case/fields/Plain__c.field-meta.xml': field('Plain__c', TEXT),
  'Looks.cls': `public class Looks {
  public static String at(String condition) {
    try {
      Database.query('SELECT Id FROM Case WHERE ' + condition);
      return 'found';
    } catch (QueryException e) {
      return e.getMessage();
    }
  }
}`,
  'CaseTrigger.trigger': `trigger CaseTrigger on Case (before insert) {
  for (Case record : Trigger.new) if (record.Subject == 'look') record.Description = Looks.at('Plain__c = \\'x\\'');
}`,
};

/** 1,000 rows stand for fifty million: each for 50,000. */
const MAKE = `
List<Case> cases = new List<Case>();
for (Integer i = 0; i <= 1000; i++) {
  String mark = i < 2 ? 'few' : i < 12 ? 'some' : i < 40 ? 'many' : null;
  cases.add(new Case(Hash__c = i * 100000, Mark__c = mark, Plain__c = 'x' + i));
}
insert cases;`;

describe('an object that is taken to be large', () => {
  const fixture = orgWith(FILES);
  before(() => {
    run(fixture, MAKE);
    fixture.org.takeSizes({ case: 50_000_000 });
  });
  after(() => fixture.close());

  const ask = async (rest: string): Promise<{ status: number; body: any }> =>
    request(fixture, 'GET', `/query?q=${encodeURIComponent(`SELECT Id FROM Case ${rest}`)}`);

  for (const rest of [
    "WHERE Id = '500000000000001AAA'",
    'WHERE Hash__c IN (100000, 200000) AND Plain__c != null',
    'WHERE Hash__c >= 0 AND Hash__c < 400000',
    "WHERE Mark__c = 'few'",
    "WHERE Mark__c = 'few' OR Hash__c = 5",
    "WHERE (Mark__c < 'g' OR Mark__c = 'none') AND Plain__c = null",
    "WHERE Mark__c = 'some' AND Hash__c >= 0 AND Hash__c < 1000000",
    'LIMIT 5',
    'ORDER BY Id LIMIT 5',
    "WHERE Id > '500000000000001AAA' ORDER BY Id LIMIT 5",
  ])
    it(`answers what an index serves: ${rest}`, async () => assert.equal((await ask(rest)).status, 200));

  for (const rest of [
    '',
    'ORDER BY Id',
    'ORDER BY Plain__c LIMIT 1',
    "WHERE Plain__c = 'x1'",
    'WHERE Mark__c != null',
    'WHERE Mark__c = null',
    "WHERE Mark__c LIKE '%w'",
    "WHERE NOT Mark__c = 'few'",
    "WHERE Mark__c = 'many'",
    "WHERE Mark__c = 'some'",
    'WHERE Hash__c >= 0 AND Hash__c < 1000000',
    "WHERE Mark__c = 'few' OR Plain__c = 'x1'",
    "WHERE Mark__c = 'many' AND Id > '500000000000001AAA' ORDER BY Id LIMIT 5",
    "WHERE Owner.Name = 'x'",
  ])
    it(`ends what would walk over all rows: ${rest || 'no filter'}`, async () => {
      const { status, body } = await ask(rest);
      assert.deepEqual([status, body[0].errorCode], [400, 'QUERY_TIMEOUT']);
    });

  it('a trigger is told that its query is not selective, other Apex that it ran too long', async () => {
    const { body } = await request(fixture, 'POST', '/sobjects/Case', { Subject: 'look' });
    const [made] = await query(fixture, `SELECT Description FROM Case WHERE Id = '${body.id}'`);
    assert.match(String(made!.Description), /^Non-selective query against large object type \(more than 200000 rows\)/);
    const log = run(fixture, `System.debug('TOLD ' + Looks.at('Plain__c = \\'x\\''));`);
    assert.match(log.join('\n'), /TOLD .*Your query request was running for too long/);
  });

  it('a query job is divided by primary key: it may walk', async () => {
    const job = await request(fixture, 'POST', '/jobs/query', {
      operation: 'query',
      query: "SELECT Id FROM Case WHERE Plain__c = 'x1'",
    });
    await fixture.clock.advance(1_000);
    assert.equal((await request(fixture, 'GET', `/jobs/query/${job.body.id}`)).body.state, 'JobComplete');
  });

  it('up to 200,000 rows everything is answered, and a copy keeps the size it was told', async () => {
    fixture.org.takeSizes({ Case: 200_000 });
    assert.equal((await ask("WHERE Plain__c = 'x1'")).status, 200);
    fixture.org.takeSizes({ Case: 200_001 });
    assert.equal((await ask("WHERE Plain__c = 'x1'")).status, 400);
  });
});

test('indexes serve up to the documented thresholds', () => {
  assert.deepEqual(
    [500_000, 1_000_000, 2_000_000, 50_000_000].map((rows) => threshold('standard', rows)),
    [150_000, 300_000, 450_000, 1_000_000],
  );
  assert.deepEqual(
    [500_000, 1_000_000, 2_000_000, 50_000_000].map((rows) => threshold('custom', rows)),
    [50_000, 100_000, 150_000, 333_333],
  );
});
