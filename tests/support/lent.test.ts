import assert from 'node:assert/strict';
import { once, EventEmitter } from 'node:events';
import { it } from 'node:test';
import { Lent } from './lent.ts';

it('is opened once for those who have it one after the other, and closed behind the last', async () => {
  const events = new EventEmitter();
  let opened = 0;
  const lent = new Lent(async () => {
    opened++;
    return { close: async () => void events.emit('closed') };
  });
  const first = await lent.borrow();
  const second = await lent.borrow();
  assert.deepEqual([first.isNew, second.isNew, opened], [true, false, 1]);
  first.giveBack();
  second.giveBack();
  const third = await lent.borrow();
  assert.deepEqual([third.isNew, opened], [false, 1]);
  const closed = once(events, 'closed');
  third.giveBack();
  // what is lent keeps the process alive; here nothing is
  const alive = setInterval(() => {}, 1_000);
  await closed;
  clearInterval(alive);
  const fourth = await lent.borrow();
  assert.deepEqual([fourth.isNew, opened], [true, 2]);
});
