/** Reconciliation of an object that no shared file knows: found, confirmed, repaired, recorded, undone. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createOrg } from 'local-org';
import { ManualClock, type Clock } from 'kernel/clock.ts';
import { randomUuid, seededRandom } from 'kernel/random.ts';
import { renderHtml } from '../../../scripts/reconciling/html.ts';
import { renderText } from '../../../scripts/reconciling/text.ts';
import { recordRun } from '../../../src/reconciliation/org/record.ts';
import { readOrgState } from '../../../src/reconciliation/org/state.ts';
import { readRunToUndo, recordUndo } from '../../../src/reconciliation/org/undone-run.ts';
import { reconcile } from '../../../src/reconciliation/reconcile.ts';
import { undo } from '../../../src/reconciliation/repair/undo.ts';
import type { ReconciliationReport } from '../../../src/reconciliation/report.ts';
import { WHOLE_RANGE } from '../../../src/reconciliation/types.ts';
import { SalesforceClient } from '../../../src/shared/salesforce/client.ts';
import { comparedMeter, createMeter, MeterSide } from './meter.ts';
import { projectOfMeters } from './project.ts';

const HOUR = 3_600_000;
const KEYS = ['a', 'b', 'c', 'd'] as const;

describe('meters are compared', () => {
  const project = projectOfMeters();
  const orgClock = new ManualClock(Date.UTC(2026, 0, 5, 9));
  const random = seededRandom(7);
  const org = createOrg({ projectDir: project.folder, clock: orgClock, random });
  const side = new MeterSide(() => orgClock.now());
  const clock: Clock = { now: () => orgClock.now(), sleep: (ms) => orgClock.advance(ms) };
  after(() => {
    org.close();
    project.remove();
  });

  const client = (): SalesforceClient =>
    new SalesforceClient(async <T>({ method, url, body }: { method: string; url: string; body?: unknown }) => {
      const answer = await org.handle({
        method,
        url,
        headers: { host: 'org.test', authorization: `Bearer ${org.info.accessToken}` },
        body: body === undefined ? '' : JSON.stringify(body),
      });
      if (answer.status >= 400) throw new Error(answer.body);
      return (answer.body === '' ? undefined : JSON.parse(answer.body)) as T;
    }, '67.0');

  const run = async (dryRun: boolean): Promise<ReconciliationReport> =>
    reconcile({
      ...(await readOrgState(client(), comparedMeter, orgClock.now())),
      compared: comparedMeter,
      salesforce: client(),
      org: client(),
      external: side.request,
      clock,
      dryRun,
      runKey: randomUuid(random),
      trail: { read: async (keys) => new Map(keys.map((key) => [key, { entries: [], letters: [], more: false }])) },
      contentCheck: WHOLE_RANGE,
      breakerLeast: 100,
    });

  let repaired: ReconciliationReport;
  let runId: string;

  before(async () => {
    assert.equal(org.executeAnonymous('ConcordSetup.activateSync();').success, true);
    for (const [index, key] of KEYS.entries()) {
      const values = { Name_Plate__c: `plate ${key}`, Reading__c: index };
      await createMeter(client(), key, values);
      side.put(key, values);
    }
    await orgClock.advance(HOUR);
  });

  it('and proven equal', async () => {
    const report = await run(true);
    assert.equal(report.verdict, 'equal', JSON.stringify(report.discrepancies));
    assert.deepEqual(report.totals.salesforce, report.totals.external);
    assert.equal(report.totals.salesforce.count, KEYS.length);
    assert.deepEqual(report.contentCheck, { ...WHOLE_RANGE, records: KEYS.length, suspects: 0 });
    assert.match(renderText(report), /^equal \(dry run\): 4 meters, 4 records outside/);
  });

  it('what differs is found with its kind, its cause and its repair', async () => {
    side.put('a', { Name_Plate__c: 'worn', Reading__c: 10 });
    side.meters.delete('b');
    side.put('e', { Name_Plate__c: 'plate e', Reading__c: 5 });
    assert.equal((await run(true)).inFlight, 3 - 1, 'what moved within grace is in flight');
    await orgClock.advance(HOUR);
    const report = await run(true);
    assert.deepEqual(
      report.discrepancies.map(({ key, kind, repair, cause }) => [key, kind, repair?.do ?? null, cause]),
      [
        ['a', 'field mismatch', 'carry by owner', 'Nothing was sent of plate a.'],
        ['b', 'missing outside', 'request again', 'Nothing was sent of plate b.'],
        ['e', 'missing in Salesforce', null, 'Nothing was sent of undefined.'],
      ],
    );
    assert.deepEqual(Object.keys(report.kinds).sort(), Object.keys(comparedMeter.kinds).sort());
    assert.match(renderHtml(report), /Reconciliation of Meter__c/);
  });

  it('repairs are carried out, and confirmed when both sides agree', async () => {
    repaired = await run(false);
    assert.deepEqual(
      repaired.discrepancies.map(({ key, outcome }) => [key, outcome]),
      [
        ['a', 'confirmed'],
        ['b', 'confirmed'],
        ['e', 'left to a person'],
      ],
    );
    assert.deepEqual(side.meters.get('a')!.values, { Name_Plate__c: 'plate a', Reading__c: 10 });
  });

  it('the org keeps the run and its discrepancies, of this flow', async () => {
    ({ runId } = await recordRun(client(), repaired));
    const [stored] = await client().query(
      `SELECT Flow__c, Verdict__c FROM Reconciliation_Run__c WHERE Id = '${runId}'`,
    );
    assert.deepEqual([stored!.Flow__c, stored!.Verdict__c], ['meters', 'Discrepancies']);
    const found = await client().query('SELECT Flow__c, Kind__c, Repair__c FROM Discrepancy__c ORDER BY Sync_Key__c');
    assert.deepEqual(
      found.map((row) => [row.Flow__c, row.Kind__c, row.Repair__c]),
      [
        ['meters', 'field mismatch', 'carry by owner'],
        ['meters', 'missing outside', 'request again'],
        ['meters', 'missing in Salesforce', 'none'],
      ],
    );
    assert.equal((await readOrgState(client(), comparedMeter, orgClock.now())).contentChecks.length, 1);
    assert.equal(
      (await readOrgState(client(), { ...comparedMeter, flow: 'other' }, orgClock.now())).contentChecks.length,
      0,
      'it vouches for meters alone',
    );
  });

  it('and a run is taken back', async () => {
    const found = await readRunToUndo(client(), runId);
    assert.equal(found.flow, 'meters');
    const report = await undo({
      compared: comparedMeter,
      external: side.request,
      clock,
      runKey: randomUuid(random),
      undoes: found.runKey,
      key: null,
      dryRun: false,
    });
    assert.deepEqual(
      report.records.map(({ key, outcome }) => [key, outcome]),
      [
        ['a', 'undone'],
        ['b', 'nothing to undo'],
      ],
    );
    assert.equal(side.meters.get('a')!.values.Name_Plate__c, 'worn');
    await recordUndo(client(), report);
  });

  it('a repair that is refused is told, and keeps nothing from the others', async () => {
    await createMeter(client(), 'f', { Name_Plate__c: 'sealed', Reading__c: 1 });
    await createMeter(client(), 'g', { Name_Plate__c: 'plate g', Reading__c: 1 });
    await orgClock.advance(HOUR);
    const outcomes = new Map((await run(false)).discrepancies.map(({ key, outcome }) => [key, outcome]));
    assert.equal(outcomes.get('f'), 'failed: the meter is sealed');
    assert.equal(outcomes.get('g'), 'confirmed');
  });

  it('the breaker of another flow stops no repair of theirs, and their own does', async () => {
    const trip = (flow: string): boolean =>
      org.executeAnonymous(`ConcordBreaker.trip('${flow}', '30 of 100 differ.', null);`).success;
    assert.equal(trip('cases'), true);
    side.put('a', { Name_Plate__c: 'scratched', Reading__c: 10 });
    await orgClock.advance(HOUR);
    const report = await run(false);
    assert.equal(report.breaker.state, 'closed');
    assert.deepEqual(
      report.discrepancies.filter(({ key }) => key === 'a').map(({ outcome }) => outcome),
      ['confirmed'],
    );

    assert.equal(trip('meters'), true);
    side.put('a', { Name_Plate__c: 'bent', Reading__c: 10 });
    await orgClock.advance(HOUR);
    const stopped = await run(false);
    assert.deepEqual(stopped.breaker, { state: 'open', reason: '30 of 100 differ.' });
    assert.equal(stopped.verdict, 'stopped by the circuit breaker');
  });
});
