/** A regular expression that would take for ever ends by a limit, wherever it runs, and the org goes on. */
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { customObject, orgWith, query, request, run } from './org-fixture.ts';

const ENDLESS = `${'a'.repeat(40)}b`;
const TOO_COMPLICATED = 'System.LimitException: Regex too complicated';

const NOTE = 'objects/Note__c';
const note = {
  [`${NOTE}/Note__c.object-meta.xml`]: customObject('Note', { Text__c: '<type>Text</type><length>255</length>' }),
  [`${NOTE}/validationRules/Plain.validationRule-meta.xml`]: `<?xml version="1.0" encoding="UTF-8"?>
<ValidationRule xmlns="http://soap.sforce.com/2006/04/metadata"><fullName>Plain</fullName><active>true</active>
  <errorConditionFormula>REGEX(Text__c, &quot;(a+)+&quot;)</errorConditionFormula>
  <errorMessage>Not only a</errorMessage></ValidationRule>`,
};

describe('regular expressions that would take for ever', () => {
  const fixture = orgWith({
    ...note,
    'Look.trigger':
      "trigger Look on Account (before insert) { for (Account a : Trigger.new) Pattern.matches('(a+)+$', a.Name); }",
  });
  after(() => fixture.close());
  const failure = (apex: string): string | null => fixture.org.executeAnonymous(apex).exceptionMessage;

  const programs: Record<string, string> = {
    'Pattern.matches': "Pattern.matches('(a+)+$', TEXT);",
    'Matcher.find': "Pattern.compile('(x+x+)+y').matcher('x'.repeat(60)).find();",
    'Matcher.matches': "Pattern.compile('(a|aa)+').matcher(TEXT).matches();",
    'Matcher.lookingAt': "Pattern.compile('(a|aa)+$').matcher(TEXT).lookingAt();",
    'Matcher.replaceAll': "Pattern.compile('(a+)+$').matcher(TEXT).replaceAll('');",
    'Pattern.split': "Pattern.compile('(a+)+$').split(TEXT);",
    'String.split': "TEXT.split('(a+)+$');",
    'String.replaceAll': "TEXT.replaceAll('(a+)+$', '');",
    'String.replaceFirst': "TEXT.replaceFirst('(a+)+$', '');",
    'a look-ahead': "Pattern.matches('(?=(a+)+$).*', TEXT);",
    'a back reference': "Pattern.compile('(a*)*\\\\1c').matcher(TEXT).find();",
    'a long text': "Pattern.compile('\\\\s+$').matcher(' '.repeat(50000) + 'x').find();",
    'many searches of one text':
      "Matcher m = Pattern.compile('b').matcher('a'.repeat(300000)); for (Integer i = 0; i < 4; i++) m.find(0);",
  };
  for (const [name, program] of Object.entries(programs)) {
    test(`end ${name}, which Apex cannot catch`, () => {
      const apex = `insert new Account(Name = 'lost'); String TEXT = '${ENDLESS}'; try { ${program} } catch (Exception e) { System.debug('caught'); }`;
      assert.equal(failure(apex), TOO_COMPLICATED);
      assert.deepEqual(run(fixture, 'System.debug([SELECT COUNT() FROM Account]);'), ['0']);
    });
  }

  test('cost CPU time, so that many of them end as well', () => {
    const apex = `while (true) Pattern.matches('(a+)+$', '${'a'.repeat(14)}b');`;
    assert.equal(failure(apex), 'System.LimitException: Apex CPU time limit exceeded');
  });

  test('of a trigger are an error of the records that the API brings', async () => {
    const { status, body } = await request(fixture, 'POST', '/sobjects/Account', { Name: ENDLESS });
    assert.equal(status, 400);
    assert.equal(body[0].errorCode, 'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY');
    assert.match(body[0].message, /Regex too complicated/);
    assert.equal((await request(fixture, 'POST', '/sobjects/Account', { Name: 'ab' })).status, 201);
  });

  test('of a validation rule fail the one record', async () => {
    const { body } = await request(fixture, 'POST', '/composite/sobjects', {
      allOrNone: false,
      records: ['b', ENDLESS, 'aaa', 'c'].map((text) => ({ attributes: { type: 'Note__c' }, Text__c: text })),
    });
    assert.deepEqual(
      body.map((each: any) => each.errors.map((error: any) => error.message)),
      [[], ['validation rule Note__c.Plain: Regex too complicated'], ['Not only a'], []],
    );
    assert.deepEqual(
      (await query(fixture, 'SELECT Text__c FROM Note__c ORDER BY Text__c')).map((row) => row.Text__c),
      ['b', 'c'],
    );
  });

  test('of a validation rule cost the transaction CPU time', () => {
    const apex = `List<Note__c> notes = new List<Note__c>();
      for (Integer i = 0; i < 200; i++) notes.add(new Note__c(Text__c = '${'a'.repeat(200)}b'));
      for (Integer i = 0; i < 50; i++) Database.insert(notes.deepClone(), false);`;
    assert.equal(failure(apex), 'System.LimitException: Apex CPU time limit exceeded');
  });
});
