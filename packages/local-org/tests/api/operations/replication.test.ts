import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { makeReader, READER_APP } from '../support/reader.ts';
import { widgetOrg, type Answered } from '../support/widget-org.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const widgets = widgetOrg({ connectedApps: [READER_APP] });
const { org, clock, send } = widgets;
after(() => org.close());

const at = (ms: number): string => encodeURIComponent(new Date(ms).toISOString());
const ask = (which: 'updated' | 'deleted', start: number, end: number, object = 'Widget__c'): Promise<Answered> =>
  send('GET', `/sobjects/${object}/${which}/?start=${at(start)}&end=${at(end)}`);
const create = async (Name: string): Promise<string> => (await send('POST', '/sobjects/Widget__c', { Name })).body.id;

test('tells what was added and changed within a span, and what went into the recycle bin', async () => {
  const began = clock.now();
  const [first, second] = [await create('first'), await create('second')];
  await clock.advance(2 * MINUTE_MS);
  const later = clock.now();
  const third = await create('third');
  await send('PATCH', `/sobjects/Widget__c/${first}`, { Size__c: 1 });
  await send('DELETE', `/sobjects/Widget__c/${second}`);
  await clock.advance(2 * MINUTE_MS);

  const all = await ask('updated', began, clock.now());
  assert.deepEqual(all.body, { ids: [first, third], latestDateCovered: '2026-11-21T07:34:00.000+0000' });
  assert.deepEqual((await ask('updated', began, later)).body.ids, [], 'the end is not part of the span');
  assert.deepEqual((await ask('updated', later, clock.now())).body.ids, [first, third]);
  assert.deepEqual((await ask('deleted', began, clock.now())).body, {
    deletedRecords: [{ id: second, deletedDate: '2026-11-21T07:32:00.000+0000' }],
    earliestDateAvailable: '2026-11-06T07:34:00.000+0000',
    latestDateCovered: '2026-11-21T07:34:00.000+0000',
  });
  await send('POST', '/sobjects/Widget__c', { Name: 'of this minute' });
  assert.equal((await ask('updated', later, clock.now() + 30_000)).body.ids.length, 2, 'seconds are ignored');
});

test('tells an undeleted record as changed, and no longer as deleted', async () => {
  const began = clock.now();
  const id = await create('comes back');
  await send('DELETE', `/sobjects/Widget__c/${id}`);
  await clock.advance(MINUTE_MS);
  assert.equal((await ask('deleted', began, clock.now())).body.deletedRecords.length, 1);
  const ran = await send(
    'GET',
    `/tooling/executeAnonymous?anonymousBody=${encodeURIComponent(`Database.undelete(Id.valueOf('${id}'));`)}`,
  );
  assert.equal(ran.body.success, true);
  await clock.advance(MINUTE_MS);
  assert.deepEqual((await ask('deleted', began, clock.now())).body.deletedRecords, []);
  assert.ok((await ask('updated', began, clock.now())).body.ids.includes(id));
});

test('does not know an object that the caller may not see', async () => {
  const reader = await makeReader(widgets);
  const path = `/sobjects/Account/updated?start=${at(clock.now() - MINUTE_MS)}&end=${at(clock.now())}`;
  assert.equal((await reader.send('GET', path)).status, 404);
  assert.equal((await reader.send('GET', path.replace('Account', 'Widget__c'))).status, 200);
});

test('refuses spans that Salesforce refuses', async () => {
  const now = clock.now();
  const refused = async (which: 'updated' | 'deleted', start: number, end: number): Promise<string> => {
    const { status, body } = await ask(which, start, end);
    assert.equal(status, 400);
    return body[0].errorCode as string;
  };
  assert.equal(await refused('updated', now, now), 'INVALID_REPLICATION_DATE');
  assert.equal(await refused('updated', now, now - MINUTE_MS), 'INVALID_REPLICATION_DATE');
  assert.equal(await refused('updated', now - 31 * DAY_MS, now), 'INVALID_REPLICATION_DATE');
  assert.equal(await refused('deleted', now - 16 * DAY_MS, now), 'INVALID_REPLICATION_DATE');
  const none = await send('GET', '/sobjects/Widget__c/updated');
  assert.deepEqual([none.status, none.body[0].errorCode], [400, 'MISSING_ARGUMENT']);
  const odd = await send('GET', '/sobjects/Widget__c/updated?start=yesterday&end=today');
  assert.deepEqual([odd.status, odd.body[0].errorCode], [400, 'INVALID_REPLICATION_DATE']);
});
