import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { orgWith, platformEvent, request, run } from './org-fixture.ts';

describe('injected faults', () => {
  const fixture = orgWith({});
  after(() => fixture.close());
  const LOCK = { code: 'UNABLE_TO_LOCK_ROW', message: 'unable to obtain exclusive access to this record' };

  test('the next saves of an object fail, over the API and in Apex; others do not', async () => {
    fixture.org.injectFault({ kind: 'save', object: 'Account', count: 2, ...LOCK });
    assert.equal((await request(fixture, 'POST', '/sobjects/Contact', { LastName: 'c' })).status, 201);
    const refused = await request(fixture, 'POST', '/sobjects/Account', { Name: 'a' });
    assert.deepEqual([refused.status, refused.body[0].errorCode], [400, LOCK.code]);
    assert.deepEqual(
      run(
        fixture,
        "try { insert new Account(Name = 'a'); } catch (DmlException e) { System.debug(e.getMessage()); } insert new Account(Name = 'a'); System.debug('saved');",
      ),
      [`Insert failed. First exception on row 0; first error: ${LOCK.code}, ${LOCK.message}: []`, 'saved'],
    );
  });

  test('saves may pass before one fails, and what has not struck is told when it is cleared', () => {
    fixture.org.injectFault({ kind: 'save', object: 'Account', after: 1, count: 2, ...LOCK });
    const saveTwice =
      "for (Integer i = 0; i < 2; i++) { try { insert new Account(Name = 'a'); System.debug('saved'); } catch (DmlException e) { System.debug('failed'); } }";
    assert.deepEqual(run(fixture, saveTwice), ['saved', 'failed']);
    assert.equal(fixture.org.clearFaults(), 1);
    assert.deepEqual(run(fixture, saveTwice), ['saved', 'saved']);
    assert.equal(fixture.org.clearFaults(), 0);
  });

  test('the next requests answer with an error', async () => {
    fixture.org.injectFault({ kind: 'request', code: 'SERVER_UNAVAILABLE', message: 'down', count: 1, status: 503 });
    assert.deepEqual(await request(fixture, 'GET', '/limits'), {
      status: 503,
      body: [{ errorCode: 'SERVER_UNAVAILABLE', message: 'down' }],
    });
    assert.equal((await request(fixture, 'GET', '/limits')).status, 200);
  });

  describe('another transaction', () => {
    const told: boolean[] = [];
    const letIn = (): void =>
      fixture.org.letIn({
        object: 'Account',
        run: ([id]) => void request(fixture, 'PATCH', `/sobjects/Account/${id}`, { Description: 'by another' }),
        ended: (committed) => told.push(committed),
      });
    const described = (name: string): string[] =>
      run(fixture, `System.debug([SELECT Description FROM Account WHERE Name = '${name}'].Description);`);

    test('saves between a read and a write what was not locked, and what it saved is lost when it is overwritten', () => {
      run(fixture, "insert new Account(Name = 'unlocked', Description = 'before');");
      letIn();
      const seen = run(
        fixture,
        "Account read = [SELECT Id, Description FROM Account WHERE Name = 'unlocked']; update new Account(Id = read.Id, Phone = '1'); System.debug(read.Description); System.debug([SELECT Description FROM Account WHERE Id = :read.Id].Description);",
      );
      assert.deepEqual(seen, ['before', 'by another']);
      assert.deepEqual(told.splice(0), [true]);
      assert.deepEqual(described('unlocked'), ['by another']);
    });

    test('waits for the end of one that has locked its rows', () => {
      run(fixture, "insert new Account(Name = 'locked', Description = 'before');");
      letIn();
      run(fixture, "Account read = [SELECT Id FROM Account WHERE Name = 'locked' FOR UPDATE]; update read;");
      assert.deepEqual(described('locked'), ['before']);
      assert.equal(fixture.org.clearFaults(), 1, 'it has not come yet');
    });

    test('is undone with the one that it came into', () => {
      run(fixture, "insert new Account(Name = 'undone', Description = 'before');");
      letIn();
      const failing = fixture.org.executeAnonymous(
        "update [SELECT Id FROM Account WHERE Name = 'undone']; throw new IllegalArgumentException();",
      );
      assert.equal(failing.success, false);
      assert.deepEqual(described('undone'), ['before']);
      assert.deepEqual(told.splice(0), [false]);
    });
  });

  test('a fault that can hit nothing is refused', () => {
    assert.throws(
      () => fixture.org.injectFault({ kind: 'save', count: 0, ...LOCK }),
      /count must be a positive whole number/,
    );
  });
});

test('a published event gets lost, and the next one arrives', () => {
  const fixture = orgWith({
    'objects/Ping__e/Ping__e.object-meta.xml': platformEvent('Ping', 'PublishAfterCommit', {
      Text__c: '<type>Text</type><length>20</length>',
    }),
    'OnPing.trigger':
      'trigger OnPing on Ping__e (after insert) { for (Ping__e each : Trigger.new) insert new Account(Name = each.Text__c); }',
  });
  after(() => fixture.close());
  fixture.org.injectFault({ kind: 'event', object: 'Ping__e', code: '', message: '', count: 1 });
  for (const text of ['lost', 'heard']) run(fixture, `EventBus.publish(new Ping__e(Text__c = '${text}'));`);
  fixture.org.runDue();
  assert.deepEqual(run(fixture, 'for (Account each : [SELECT Name FROM Account]) System.debug(each.Name);'), ['heard']);
});
