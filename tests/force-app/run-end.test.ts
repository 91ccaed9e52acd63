/** One write that fails, whichever it is, keeps no reconciliation run from ending and the next one from starting. */
import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { after, test } from 'node:test';
import { createOrg } from 'local-org';
import { ManualClock } from 'kernel/clock.ts';
import { seededRandom } from 'kernel/random.ts';

const HOUR = 3_600_000;
const clock = new ManualClock(Date.UTC(2026, 0, 5, 9));
const org = createOrg({
  projectDir: resolve(import.meta.dirname, '../..'),
  clock,
  random: seededRandom(1),
});
after(() => org.close());

const apex = (text: string): string[] => {
  const result = org.executeAnonymous(text);
  assert.ok(result.success, `${result.compileProblem ?? result.exceptionMessage}\n${result.exceptionStackTrace ?? ''}`);
  return [...result.log.matchAll(/USER_DEBUG\|\[\d+\]\|DEBUG\|(.*)/g)].map(([, line]) => line!);
};

/** A lost request, a finding that ended, a run past its retention with what it found, a run that died with the lock. */
const prepare = (): void => {
  apex(`
    delete [SELECT Id FROM Reconciliation_Finding__c];
    delete [SELECT Id FROM Discrepancy__c];
    delete [SELECT Id FROM Reconciliation_Run__c];
    delete [SELECT Id FROM Case];
    ConcordSetup.activateSync();
    insert new Case(Subject = 'Its request gets lost');`);
  void clock.advance(2 * HOUR);
  apex(`
    Reconciliation_Run__c expired = new Reconciliation_Run__c(Finished_At__c = System.now().addDays(-365));
    Reconciliation_Run__c earlier = new Reconciliation_Run__c(Finished_At__c = System.now());
    Reconciliation_Run__c dead = new Reconciliation_Run__c(Flow__c = CaseFlow.NAME, Type__c = 'Job', Verdict__c = 'Running');
    insert new List<Reconciliation_Run__c>{ expired, earlier, dead };
    insert new Discrepancy__c(Run__c = expired.Id, Kind__c = 'failed', Status__c = 'Resolved');
    insert new Reconciliation_Finding__c(Run__c = earlier.Id, Kind__c = 'Lost Request', Open__c = 'Open');
    SyncControls.upsertOfFlow(
      CaseFlow.NAME,
      new Sync_Control__c(Lock_Run__c = dead.Id, Locked_At__c = System.now().addDays(-1))
    );`);
};

const start = (): boolean =>
  org.executeAnonymous(`if (CaseReconciliation.runNow() == null) throw new AssertException('none');`).success;

const runs = (): { standing: string[]; expired: number; holder: string } => {
  const [holder, expired, ...standing] = apex(`
    System.debug(SyncControls.ofFlow(CaseFlow.NAME).Lock_Run__c);
    System.debug([SELECT COUNT() FROM Reconciliation_Run__c WHERE Finished_At__c < LAST_N_DAYS:180]);
    for (Reconciliation_Run__c run : [SELECT Verdict__c, Error__c FROM Reconciliation_Run__c WHERE Verdict__c = 'Running'])
      System.debug(run.Verdict__c + ' ' + run.Error__c);`);
  return { standing, expired: Number(expired), holder: holder! };
};

/** Lets a run end in which the save after so many fails. False when there are not so many. */
const endsWithout = (saves: number): boolean => {
  prepare();
  org.injectFault({ kind: 'save', after: saves, count: 1, code: 'UNABLE_TO_LOCK_ROW', message: 'a locked row' });
  const began = start();
  while ((org.nextDue() ?? Infinity) <= clock.now()) org.runDue();
  const struck = org.clearFaults() === 0;
  void clock.advance(60_000);
  const what = `save ${saves} of the run fails`;
  if (began) assert.equal(runs().holder, 'null', `${what}: the lock is free`);
  assert.ok(start(), `${what}: the next run starts`);
  while ((org.nextDue() ?? Infinity) <= clock.now()) org.runDue();
  assert.deepEqual(
    runs(),
    { standing: [], expired: 0, holder: 'null' },
    `${what}: the next run ends and does what is left`,
  );
  return struck;
};

test('any one write of a run may fail', () => {
  let saves = 0;
  while (endsWithout(saves)) saves++;
  // Dead run, alert, new run, lock; finding, Case, new finding; lock, run; discrepancies, runs.
  assert.ok(saves >= 11, `${saves} saves were broken, one after the other`);
});
