/** What somebody reads at three in the morning: what happened, to which records, and the command that mends it. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { noticeLine, Notices } from '../../src/middle-layer/notices.ts';
import { testDatabase } from './support/database.ts';
import { World } from './support/world.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

describe('/ready and the log name what happened, which records, and what mends it', () => {
  let database: Awaited<ReturnType<typeof testDatabase>>;
  before(async () => (database = await testDatabase()));
  beforeEach(() => database.reset());
  after(() => database.close());

  const attention = async (world: World): Promise<string[]> => {
    const { status, json } = await world.call('GET', '/ready');
    assert.equal(status, 200, JSON.stringify(json.problems));
    return json.attention;
  };
  const logged = (world: World, event: string) => world.logs.find((line) => line.event === event)?.detail;

  it('nothing, while nothing happened', async () => {
    const world = await World.open(database.db);
    world.salesforce.createCase({ Subject: 'a' });
    await world.run();
    assert.deepEqual(await attention(world), []);
  });

  it('a Case whose value cannot be carried', async () => {
    const world = await World.open(database.db);
    const bad = world.salesforce.createCase({ Subject: 'half of a pair: \ud83d' });
    const good = world.salesforce.createCase({ Subject: 'a' });
    await world.run();
    assert.equal(good.status, 'Success');
    const [line, ...others] = await attention(world);
    assert.deepEqual(others, []);
    assert.match(
      line!,
      /^cases: Cases hold in Subject what cannot be carried \(\w+\); each is Failed with the reason in Sync_Error__c/,
    );
    assert.ok(line!.includes(`(1 records: ${bad.key}): correct the value in Salesforce`), line);
    assert.match(line!, /CaseRetryBatch\.run\(code\)/);
    assert.equal(logged(world, 'Case refused')!.key, bad.key);
    assert.match(JSON.stringify(world.logs), /"first":\["[^"]+"\],"remedy":"correct the value/);
    // after a day nobody needs to hear of it again
    await world.pass(25 * HOUR);
    await world.sweep();
    assert.ok((await attention(world)).every((shown) => !shown.includes('cannot be carried')));
  });

  it('records that Salesforce refused for good, by their cause, until they are mended', async () => {
    const world = await World.open(database.db, { maxAttempts: 1 });
    world.salesforce.refuse = () => ({ errorCode: 'STRING_TOO_LONG', retryable: false });
    const cases = Array.from({ length: 7 }, (_, index) => world.salesforce.createCase({ Subject: String(index) }));
    await world.run();
    const [line] = await attention(world);
    assert.match(
      line!,
      /^cases: refused for good as STRING_TOO_LONG \(7 records: .*, and 4 more\): see why with npm run dead-letters -- list; .*npm run dead-letters -- retry --all --flow cases --code STRING_TOO_LONG$/,
    );
    assert.ok(cases.some(({ key }) => line!.includes(key)));
    assert.match(String(logged(world, 'dead letter')!.remedy), /npm run dead-letters/);
    world.salesforce.refuse = () => null;
    assert.equal((await world.call('POST', '/v1/dead-letters/retry', { code: 'STRING_TOO_LONG' })).status, 202);
    await world.run();
    assert.deepEqual(await attention(world), []);
  });

  it('a night without a middle layer', async () => {
    const world = await World.open(database.db);
    world.salesforce.createCase({ Subject: 'in the evening' });
    await world.run();
    world.salesforce.createCase({ Subject: 'at night' });
    await world.clock.advance(8 * HOUR);
    await world.start();
    await world.run();
    const [line] = await attention(world);
    assert.match(
      line!,
      /^cases: nothing was carried for 480 minutes, from 2026-11-21T07:30:00\.000Z to 2026-11-21T15:30:00\.000Z: Cases that were saved meanwhile are being carried by themselves/,
    );
    assert.match(line!, /npm run reconcile -- --flow cases$/);
    assert.match(String(logged(world, 'silence over')!.what), /480 minutes/);
  });

  it('an external system that was put back to an earlier state', async () => {
    const world = await World.open(database.db);
    const cases = Array.from({ length: 6 }, (_, index) => world.salesforce.createCase({ Subject: String(index) }));
    await world.run();
    const messages = cases.map(({ key }, index) => ({
      kind: 'requestWanted',
      id: `w${index}`,
      key,
      externalId: world.external.records.get(key)!.externalId,
      revision: null,
      seenRevision: 1,
    }));
    assert.equal((await world.call('POST', '/v1/messages', { messages })).status, 202);
    const [line] = await attention(world);
    assert.match(
      line!,
      /^cases: the external system was put back to an earlier state: .* \(6 records: .*, and 1 more\): the Cases are sent to it again by themselves/,
    );
    assert.match(line!, /npm run reconcile -- --flow cases --content-check all$/);
    assert.equal((logged(world, 'external system restored')!.first as string[]).length, 5);
  });
});

describe('a notice', () => {
  const remedy = 'do this';

  it('counts a record once, names the first few, is logged once a day, and is shown for a day', () => {
    const lines: unknown[] = [];
    const notices = new Notices((level, event, detail) => lines.push([level, event, detail]));
    const note = (keys: string[], at: number): void => notices.note('lost', { what: 'lost', keys, remedy, at });
    note(['a', 'b'], 0);
    note(['b', 'c', 'd', 'e', 'f'], HOUR);
    assert.equal(lines.length, 1);
    assert.deepEqual(notices.shown(2 * HOUR), [
      { what: 'lost', records: 6, first: ['a', 'b', 'c', 'd', 'e'], at: '1970-01-01T01:00:00.000Z', remedy },
    ]);
    assert.deepEqual(notices.shown(26 * HOUR), []);
    note(['z'], 26 * HOUR);
    assert.equal(lines.length, 2);
    assert.deepEqual(notices.shown(26 * HOUR)[0]!.first, ['z']);
  });

  it('is one line for people', () => {
    assert.equal(noticeLine({ what: 'it rained', records: null, first: [], remedy }), 'it rained: do this');
    assert.equal(
      noticeLine({ what: 'lost', records: 7, first: ['a'], remedy }),
      'lost (7 records: a, and 6 more): do this',
    );
  });
});
