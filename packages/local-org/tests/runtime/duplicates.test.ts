/** Duplicate rules as Apex and REST clients meet them. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { duplicateRule, matchingRules } from '../store/automation/support.ts';
import { orgWith, request, run, type Fixture } from './org-fixture.ts';

const metadata = (parts: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(parts).map(([path, text]) => [`${path}-meta.xml`, text]));

describe('a record that a duplicate rule alerts of', () => {
  let fixture: Fixture;
  let known: string;
  before(() => {
    fixture = orgWith({
      ...metadata(matchingRules('Contact', [{ name: 'Email', fields: ['Email'] }])),
      ...metadata(
        duplicateRule('Contact.Same', {
          matching: ['Email'],
          onInsert: 'Allow',
          alerts: true,
          alertText: 'Use one of these records?',
        }),
      ),
    });
    known = run(
      fixture,
      "Contact c = new Contact(LastName = 'L', Email = 'a@example.com'); insert c; System.debug(c.Id);",
    )[0]!;
  });
  after(() => fixture.close());

  test('is a DmlException of DUPLICATES_DETECTED', () => {
    assert.deepEqual(
      run(
        fixture,
        `try { insert new Contact(LastName = 'M', Email = 'A@example.com'); }
         catch (DmlException e) { System.debug(e.getDmlType(0)); System.debug(e.getMessage()); }`,
      ),
      [
        'DUPLICATES_DETECTED',
        'Insert failed. First exception on row 0; first error: DUPLICATES_DETECTED, Use one of these records?: []',
      ],
    );
  });

  test('has a Database.DuplicateError that names rule and records', () => {
    assert.deepEqual(
      run(
        fixture,
        `Database.SaveResult saved = Database.insert(new Contact(LastName = 'M', Email = 'a@example.com'), false);
         for (Database.Error error : saved.getErrors()) {
           if (!(error instanceof Database.DuplicateError)) continue;
           Datacloud.DuplicateResult found = ((Database.DuplicateError) error).getDuplicateResult();
           System.debug(found.getDuplicateRule() + ' ' + found.isAllowSave() + ' ' + found.getErrorMessage());
           for (Datacloud.MatchResult match : found.getMatchResults())
             for (Datacloud.MatchRecord record : match.getMatchRecords())
               System.debug(match.getRule() + ' ' + match.getSize() + ' ' + record.getRecord().Id);
         }`,
      ),
      ['Same true Use one of these records?', `Email 1 ${known}`],
    );
  });

  test('is saved with DMLOptions that allow it, of the call or of the record', () => {
    assert.deepEqual(
      run(
        fixture,
        `Database.DMLOptions options = new Database.DMLOptions();
         options.DuplicateRuleHeader.AllowSave = true;
         System.debug(Database.insert(new Contact(LastName = 'M', Email = 'a@example.com'), options).isSuccess());
         Contact own = new Contact(LastName = 'N', Email = 'a@example.com');
         own.setOptions(options);
         insert own;
         System.debug([SELECT COUNT() FROM Contact WHERE Email = 'a@example.com']);`,
      ),
      ['true', '3'],
    );
  });

  const save = (headers: Record<string, string> = {}) =>
    request(fixture, 'POST', '/sobjects/Contact', { LastName: 'R', Email: 'a@example.com' }, headers);

  test('is refused over REST with what was found, and saved where the header allows it', async () => {
    const { status, body } = await save();
    assert.equal(status, 400);
    assert.deepEqual(
      [body[0].errorCode, body[0].message, body[0].duplicateResult.duplicateRule, body[0].duplicateResult.allowSave],
      ['DUPLICATES_DETECTED', 'Use one of these records?', 'Same', true],
    );
    assert.ok(
      body[0].duplicateResult.matchResults[0].matchRecords.some(
        ({ record }: { record: { Id: string } }) => record.Id === known,
      ),
    );
    assert.equal((await save({ 'sforce-duplicate-rule-header': 'allowSave=false' })).status, 400);
    const header = { 'sforce-duplicate-rule-header': 'includeRecordDetails=false; allowSave=true' };
    assert.equal((await save(header)).status, 201);
  });

  test('is refused by name where the header asks for what is not there', async () => {
    const refusal = async (header: string): Promise<unknown[]> => {
      const { status, body } = await save({ 'sforce-duplicate-rule-header': header });
      return [status, body[0].errorCode, body[0].message];
    };
    assert.deepEqual(await refusal('allowSave=true; includeRecordDetails=true'), [
      501,
      'NOT_IMPLEMENTED',
      'includeRecordDetails=true in Sforce-Duplicate-Rule-Header (query the records by the ids that it tells) is not supported by the local org',
    ]);
    for (const header of ['allowSaves=true', 'allowSave=yes', 'allowSave'])
      assert.deepEqual(await refusal(header), [
        501,
        'NOT_IMPLEMENTED',
        `${header} in Sforce-Duplicate-Rule-Header, which takes allowSave and runAsCurrentUser, true or false, is not supported by the local org`,
      ]);
  });
});
