/** `npm run reconcile -- --flow usage`, as its command works: planted differences are found, repaired by the application, and undone. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { ShiftableClock } from 'kernel/clock.ts';
import { auditTrail, externalRequest, salesforceClient } from '../../scripts/reconciling/sides.ts';
import { comparedEntry } from '../../src/flows/usage/compared/entry.ts';
import { Desk } from '../../src/flows/usage/told/desk.ts';
import { UsageInSystem } from '../../src/flows/usage/told/system.ts';
import { recordRun } from '../../src/reconciliation/org/record.ts';
import { readOrgState } from '../../src/reconciliation/org/state.ts';
import { readRunToUndo, recordUndo } from '../../src/reconciliation/org/undone-run.ts';
import { reconcile } from '../../src/reconciliation/reconcile.ts';
import { undo } from '../../src/reconciliation/repair/undo.ts';
import type { ReconciliationReport } from '../../src/reconciliation/report.ts';
import { WHOLE_RANGE } from '../../src/reconciliation/types.ts';
import { assignPermissionSet } from '../../src/story/org/set-up.ts';
import { settle } from '../../src/story/settle.ts';
import { LocalSystem } from '../../src/story/system.ts';

const HOUR = 3_600_000;
/** What people must decide, once all else is repaired. */
const LEFT = { 'broken seal': 2, 'unfinished seal': 1 };

let system: LocalSystem;
let klaus: Desk;
let productId: string;
/** Contracts by number, and the paths of their ads. */
let open: { id: string; number: string; line: string };
let sealed: typeof open;
/** Its seal is left in progress. */
let unfinished: typeof open;
let ads: string[];
let lockedAd: string;

const create = async (object: string, values: object): Promise<string> =>
  (await system.admin.sobject(object).create(values as Record<string, unknown>)).id!;

const sell = async (accountId: string): Promise<typeof open> => {
  const id = await create('Contract', { AccountId: accountId, StartDate: '2026-11-01', ContractTerm: 12 });
  const line = await create('Contract_Line__c', {
    Contract__c: id,
    Product__c: productId,
    Units__c: 100,
    Unit_Price__c: 40,
  });
  const { ContractNumber } = (await system.admin.sobject('Contract').retrieve(id)) as { ContractNumber: string };
  return { id, number: ContractNumber, line };
};

const rest = async (): Promise<void> => {
  await settle(system);
  await system.advance(HOUR);
  await settle(system);
};

const external = () => externalRequest(system.externalOf('usage').url, system.externalOf('usage').token);

const run = async (dryRun: boolean): Promise<ReconciliationReport> => {
  const clock = new ShiftableClock(system.offset());
  const org = salesforceClient(system.admin);
  const state = await readOrgState(org, comparedEntry, clock.now());
  return reconcile({
    ...state,
    compared: comparedEntry,
    salesforce: salesforceClient(system.admin),
    org,
    external: external(),
    clock,
    dryRun,
    confirmWaitMs: 60_000,
    contentCheck: WHOLE_RANGE,
    // a query job is to read what a query reads
    ...(dryRun ? { maxContentCheckQueried: 0 } : {}),
    runKey: randomUUID(),
    trail: auditTrail(system.middleLayer.url, system.operatorToken),
    breakerShare: 1,
  });
};

interface Entry {
  Id: string;
  Booking_Key__c: string;
  Units__c: number;
  Cancelled__c: boolean;
}

const adIdOf = (path: string): string => path.split('/').at(-1)!;
const keyOf = (path: string): string => `${adIdOf(path)}#1`;

const entryOf = async (path: string): Promise<Entry> =>
  (
    await system.admin.query<Entry>(
      `SELECT Id, Booking_Key__c, Units__c, Cancelled__c FROM Usage_Entry__c WHERE Booking_Key__c = '${keyOf(path)}'`,
    )
  ).records[0]!;

/** The next save of an entry, or of another such record, goes past its trigger. */
const bypass = (object = 'Usage_Entry__c'): Promise<unknown> =>
  system.orgControl.post('/control/fault', { kind: 'bypass', object });

before(async () => {
  const usage = new UsageInSystem();
  system = await new LocalSystem([usage]).start();
  await assignPermissionSet(system.admin, system.org.info.userId, 'Concord_Usage_Billing');
  const accountId = await create('Account', { Name: 'Magic Ads Inc' });
  productId = await create('Product2', { Name: 'Small ad', ProductCode: 'SMALL', IsActive: true });
  [open, sealed, unfinished] = [await sell(accountId), await sell(accountId), await sell(accountId)];
  const [first] = usage.people;
  klaus = await new Desk(() => usage.app(system).url).signIn(first!.name, first!.password);
  ads = [];
  for (const units of ['1', '2', '3', '4.5'])
    ads.push(await klaus.book(`Ad of ${units}`, open.number, { SMALL: units }));
  lockedAd = await klaus.book('Sealed', sealed.number, { SMALL: '7' });
  await settle(system);
  await system.admin.sobject('Contract').update({ Id: sealed.id, Fulfilled__c: true });
  // what waits for a decision is agreed, and no difference
  await klaus.book('Too late', sealed.number, { SMALL: '1' });
  await rest();
});

after(() => system.stop());

test('bookings and entries are proven equal, sums and seals with them', async () => {
  const report = await run(true);
  assert.equal(report.verdict, 'equal', JSON.stringify(report.discrepancies, null, 1));
  assert.equal(report.totals.salesforce.count, 5);
  assert.deepEqual(report.totals.salesforce, report.totals.external);
  assert.deepEqual(report.contentCheck, { ...WHOLE_RANGE, records: 5, suspects: 0 });
});

let recorded: string;
let forged: string;

test('what was planted is found with its kind and cause, and repaired by reports of the application alone', async () => {
  const [changed, cancelled, deleted] = await Promise.all(ads.slice(0, 3).map(entryOf));
  await system.bypassTriggers('Usage_Entry__c', changed!.Id, { Units__c: 40 });
  await system.bypassTriggers('Usage_Entry__c', cancelled!.Id, { Cancelled__c: true });
  await bypass();
  await system.admin.sobject('Usage_Entry__c').destroy(deleted!.Id);
  forged = randomUUID();
  await bypass();
  await create('Usage_Entry__c', {
    Line__c: open.line,
    Booking_Key__c: `${forged}#1`,
    Ad_Id__c: forged,
    Version__c: 3,
    Units__c: 5,
  });
  await bypass();
  await system.admin.sobject('Usage_Entry__c').destroy((await entryOf(lockedAd)).Id);
  await bypass('Contract_Sealing__c');
  await create('Contract_Sealing__c', {
    Contract__c: unfinished.id,
    Contract_Key__c: unfinished.id,
    Entries__c: 10_000,
    Expected__c: 43_000,
    Step__c: 1,
    Locked_At__c: new Date(Date.now() + system.offset()).toISOString(),
    // no step can go on from it, and every one dies
    State__c: null,
  });
  // two hours are within what the schedule takes up
  await system.advance(3 * HOUR);

  const found = await run(true);
  const byKey = new Map(found.discrepancies.map((each) => [each.key, each]));
  assert.deepEqual(Object.fromEntries([...byKey].map(([key, { kind, repair }]) => [key, [kind, repair?.do ?? null]])), {
    [keyOf(ads[0]!)]: ['bypassed trigger', 'carry by owner'],
    [keyOf(ads[1]!)]: ['bypassed trigger', 'carry by owner'],
    [keyOf(ads[2]!)]: ['missing in Salesforce', 'trigger outside'],
    [`${forged}#1`]: ['missing outside', 'carry by owner'],
    [keyOf(lockedAd)]: ['broken seal', null],
    [`contract ${sealed.number.toLowerCase()}`]: ['broken seal', null],
    [`contract ${unfinished.number.toLowerCase()}`]: ['unfinished seal', null],
  });
  assert.match(
    byKey.get(keyOf(ads[2]!))!.cause,
    /^Salesforce answered APPLIED to version 1 at .*deleted in Salesforce/,
  );
  assert.match(byKey.get(`${forged}#1`)!.cause, /^Nobody ever reported this ad/);
  assert.match(byKey.get(keyOf(lockedAd))!.detail, new RegExp(keyOf(lockedAd)));

  const repaired = await run(false);
  assert.deepEqual(
    new Set(repaired.discrepancies.map(({ outcome }) => outcome)),
    new Set(['confirmed', 'left to a person']),
    JSON.stringify(repaired.discrepancies, null, 1),
  );
  recorded = (await recordRun(salesforceClient(system.admin), repaired)).runId;
  assert.deepEqual([(await entryOf(ads[0]!)).Units__c, (await entryOf(ads[1]!)).Cancelled__c], [1, false]);
  assert.equal((await entryOf(ads[2]!)).Units__c, 3);
  assert.match(
    await klaus.get(`/ads/${forged}`),
    /This ad is cancelled/,
    'the application remembers what it took back',
  );

  await rest();
  assert.deepEqual((await run(true)).byKind, LEFT, 'the seal says what is right, and nobody writes it');
});

test('the org keeps the run and its discrepancies, of this flow', async () => {
  const { records } = await system.admin.query<{ Flow__c: string; Kind__c: string; Sync_Key__c: string }>(
    'SELECT Flow__c, Kind__c, Sync_Key__c FROM Discrepancy__c ORDER BY Kind__c, Sync_Key__c',
  );
  assert.deepEqual(new Set(records.map(({ Flow__c }) => Flow__c)), new Set(['usage']));
  assert.equal(records.length, 7);
  assert.ok(
    records.some(({ Sync_Key__c: key }) => key === `${forged}#1`),
    'keys are whole',
  );
});

test('a run is taken back: what the entries said is booked, and both sides agree on it', async () => {
  const org = salesforceClient(system.admin);
  const { runKey: undoes, valueless } = await readRunToUndo(org, recorded);
  const taken = await undo({
    compared: comparedEntry,
    external: external(),
    clock: new ShiftableClock(system.offset()),
    runKey: randomUUID(),
    undoes,
    key: null,
    dryRun: false,
    valueless,
  });
  const outcomes = new Map(taken.records.map(({ key, outcome }) => [key, outcome]));
  assert.deepEqual(
    [keyOf(ads[0]!), keyOf(ads[1]!), `${forged}#1`, keyOf(ads[2]!)].map((key) => outcomes.get(key)),
    ['undone', 'undone', 'undone', 'nothing to undo'],
  );
  await recordUndo(org, taken);
  await rest();
  assert.deepEqual([(await entryOf(ads[0]!)).Units__c, (await entryOf(ads[1]!)).Cancelled__c], [40, true]);
  assert.deepEqual((await run(true)).byKind, LEFT);
});

test('a seal that the middle layer has lost with its database is stated once more', async () => {
  const { AccountId } = (await system.admin.sobject('Contract').retrieve(open.id)) as { AccountId: string };
  const contract = await sell(AccountId);
  await klaus.book('Sealed and lost', contract.number, { SMALL: '2' });
  await settle(system);
  await system.admin.sobject('Contract').update({ Id: contract.id, Fulfilled__c: true });
  await rest();
  await system.whileStopped('middleLayer', (directory) => rm(directory, { recursive: true }));
  await rest();

  const key = `contract ${contract.number.toLowerCase()}`;
  const lost = (await run(true)).discrepancies.filter(({ kind }) => kind === 'lost seal');
  assert.deepEqual(
    lost.map((each) => [each.key, each.repair?.do, each.outcome]),
    [[key, 'request again', 'planned']],
  );
  const repaired = (await run(false)).discrepancies.find((each) => each.key === key);
  assert.equal(repaired?.outcome, 'confirmed', JSON.stringify(repaired));
  assert.deepEqual((await run(true)).byKind, LEFT);
});
