import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ManualClock } from 'kernel/clock.ts';
import { json } from 'kernel/http.ts';
import { HeartbeatWatch } from '../../../../src/flows/cases/simulated/heartbeat-watch.ts';

const START = Date.UTC(2026, 0, 5, 9);

test('a worker tells the org once a minute that its sweeps happen, and when that has changed', async () => {
  const clock = new ManualClock(START);
  let isCalm = true;
  const watch = new HeartbeatWatch(() => isCalm);
  const transport = watch.over(async () => json(200, {}), { clock, isAlive: () => true });
  const tell = async (clear: string | null): Promise<unknown> => {
    const body = { Swept_At__c: new Date(clock.now()).toISOString(), Clear_Since__c: clear };
    const request = { compositeRequest: [{ referenceId: 'settings' }, { referenceId: 'heartbeat', body }] };
    return transport({ method: 'POST', url: 'http://org/composite', headers: {}, body: JSON.stringify(request) });
  };
  await tell(null);
  await clock.advance(60_000);
  await tell(null);
  await clock.advance(10_000);
  await tell('2026-01-05T09:01:00.000Z');
  assert.deepEqual(watch.broken, []);
  isCalm = false;
  await tell('2026-01-05T09:01:00.000Z');
  assert.deepEqual(watch.broken, [], 'while things break it may be told once more');
  isCalm = true;
  await tell('2026-01-05T09:01:00.000Z');
  assert.deepEqual(watch.broken, [], 'nobody knows what was told last');
  await tell('2026-01-05T09:01:00.000Z');
  assert.match(watch.broken.join(), /0 ms after/);
});
