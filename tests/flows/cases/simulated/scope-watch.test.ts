import assert from 'node:assert/strict';
import { test } from 'node:test';
import { json } from 'kernel/http.ts';
import { ScopeWatch } from '../../../../src/flows/cases/simulated/scope-watch.ts';

const CASE = '500000000000001AAA';
const request = { method: 'GET', url: '/services/data', headers: {}, body: '' };

test('what stands in a Case out of the scope is told when it leaves, and not once the Case is in', async () => {
  const watch = new ScopeWatch();
  const leaks = watch.over(async () => json(200, { records: [{ Subject: 'kept back' }] }));
  await leaks(request);
  assert.deepEqual(watch.broken, []);
  watch.keepsBack(CASE, [CASE, 'kept back']);
  await watch.over(async () => json(200, { records: [] }))(request);
  assert.deepEqual(watch.broken, []);
  await leaks(request);
  assert.equal(watch.broken.length, 1);
  assert.match(watch.broken[0]!, /^"kept back" of the Case 500000000000001AAA/);
  await watch.lettingOut(CASE, async () => {});
  await leaks(request);
  assert.equal(watch.broken.length, 1);
});

test('what leaves while somebody puts the Case in is no leak', async () => {
  const watch = new ScopeWatch();
  watch.keepsBack(CASE, ['kept back']);
  await watch.over(async () => {
    await watch.lettingOut(CASE, async () => {});
    return json(200, { Subject: 'kept back' });
  })(request);
  assert.deepEqual(watch.broken, []);
});
