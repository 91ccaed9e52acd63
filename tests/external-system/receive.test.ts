import assert from 'node:assert/strict';
import { test } from 'node:test';
import { receiveMessages } from '../../src/external-system/messages/receive.ts';
import { fieldRules } from '../../src/external-system/rules/field-rules.ts';
import { DEFAULT_SETTINGS } from '../../src/external-system/settings.ts';
import { ManualClock } from 'kernel/clock.ts';
import { seededRandom } from 'kernel/random.ts';
import { DatabaseUnavailable } from '../../src/shared/sql/errors.ts';
import type { Database } from '../../src/shared/sql/types.ts';

const KEY = '0b6e9a34-6f0b-4d6c-9a55-0d4f4b1f2a01';
const MESSAGE = { kind: 'acknowledge', id: 'm1', key: KEY, externalId: 'SR-1', revision: 1, success: true };

const stateError = (code: string): Error => Object.assign(new Error('the value "secret" is wrong'), { code });

/** What becomes of a message whose transaction ends in this error, and what is logged of it. */
const receiptAfter = async (error: Error): Promise<{ receipt: any; logged: string[] }> => {
  const logged: string[] = [];
  const context = {
    clock: new ManualClock(0),
    random: seededRandom(1),
    settings: DEFAULT_SETTINGS,
    fields: fieldRules(),
  };
  const db = { transaction: () => Promise.reject(error) } as unknown as Database;
  const [receipt] = await receiveMessages(context, db, [MESSAGE], (told) => logged.push((told as Error).message));
  return { receipt, logged };
};

test('a message that the database cannot store is refused for good; its name is logged, not its values', async () => {
  const { receipt, logged } = await receiptAfter(stateError('22P05'));
  assert.deepEqual([receipt.accepted, receipt.retryable, receipt.errorCode], [false, false, 'NOT_STORABLE']);
  assert.match(receipt.message, /SQLSTATE 22P05/);
  assert.deepEqual(logged, [`the message m1 (acknowledge) of ${KEY} failed: NOT_STORABLE, SQLSTATE 22P05`]);
});

test('a message that provokes a bug is refused for good', async () => {
  const { receipt } = await receiptAfter(new TypeError('x is not a function'));
  assert.deepEqual([receipt.retryable, receipt.errorCode], [false, 'INTERNAL_ERROR']);
});

test('what says nothing of the message is for later', async () => {
  for (const error of [stateError('40001'), stateError('42P01')]) {
    const { receipt } = await receiptAfter(error);
    assert.deepEqual([receipt.retryable, receipt.errorCode], [true, 'NOT_STORED']);
  }
});

test('a database that is away ends the call: each of the other messages would wait as long for nothing', async () => {
  for (const error of [new DatabaseUnavailable('away'), stateError('57P01')])
    await assert.rejects(receiptAfter(error), error);
});
