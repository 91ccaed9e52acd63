import { reconcile } from '../../../reconciliation/reconcile.ts';
import type { ReconciliationReport } from '../../../reconciliation/report.ts';
import { WHOLE_RANGE } from '../../../reconciliation/types.ts';
import { comparedCase } from '../compared/case.ts';
import { KINDS } from '../compared/kinds.ts';
import type { CaseKind } from '../compared/types.ts';
import { randomUuid } from 'kernel/random.ts';
import { allCases, allRecords } from './people/types.ts';
import { DUPLICATES } from './planted-duplicates.ts';
import { differences, findings } from '../../../simulation/found.ts';
import { salesforceOf } from '../../../simulation/salesforce-of.ts';
import type { Tools } from '../../../simulation/flow.ts';
import type { Scene } from './scene.ts';

const MINUTE = 60_000;
const GRACE = 15 * MINUTE;
/** Clocks differ by up to three minutes. */
export const PAST_GRACE = GRACE + 5 * MINUTE;

const CONFIRM_WAIT = 10 * MINUTE;

const rounds = async (scene: Scene): Promise<void> => {
  await scene.world.round();
  await scene.world.round();
};

/** `makesAgain`: a person has Cases that Salesforce lost made again. */
export const reconciled = (
  scene: Scene,
  dryRun: boolean,
  { makesAgain = false } = {},
): Promise<ReconciliationReport> => {
  const salesforce = salesforceOf(scene.world);
  return reconcile({
    compared: comparedCase,
    salesforce,
    external: async (method, path, body) => {
      const answer = await scene.registry<never>(method, path, body);
      if (answer === undefined) throw new Error(`the registry refused ${method} ${path}`);
      return answer;
    },
    // all is at rest: who waits for a query job moves the time; who waits for a repair lets it arrive
    clock: {
      now: () => scene.world.clock.now(),
      sleep: async (ms) => {
        await scene.world.clock.advance(ms);
        if (!dryRun) await rounds(scene);
      },
    },
    confirmWaitMs: CONFIRM_WAIT,
    graceMs: GRACE,
    dryRun,
    makesAgain,
    contentCheck: WHOLE_RANGE,
    // both ways to read are to find the same
    ...(dryRun ? { maxContentCheckQueried: 0 } : {}),
    runKey: randomUuid(scene.random),
    org: salesforce,
    breakerShare: 1,
  });
};

/** Makes the sides differ in ways that no message will mend; returns what it did, by key. */
const plant = async (scene: Scene): Promise<Map<string, CaseKind>> => {
  const planted = new Map<string, CaseKind>();
  const alive = new Map((await allRecords(scene)).map(({ key, values }) => [key, values]));
  const cases = (await allCases(scene)).filter(
    ({ Sync_Key__c: key, Sync_Status__c: status }) => alive.has(key) && status === 'Success',
  );
  const take = (): (typeof cases)[number] | undefined =>
    cases.splice(Math.floor(scene.random.next() * cases.length), 1)[0];
  /** `make` answers the key that the discrepancy is found under, or null when it could make none. */
  const someUnder = async (
    kind: CaseKind,
    make: (row: (typeof cases)[number]) => Promise<string | null>,
  ): Promise<void> => {
    const row = scene.random.next() < 0.6 ? take() : undefined;
    if (!row) return;
    const key = await make(row);
    if (key === null) return;
    planted.set(key, kind);
    scene.world.network.count(`planted.${kind}`);
  };
  const some = (kind: CaseKind, make: (row: (typeof cases)[number]) => Promise<unknown>): Promise<void> =>
    someUnder(kind, async (row) => {
      await make(row);
      return row.Sync_Key__c;
    });
  scene.saves.end();
  // what leaves the registry from here on is lost for good
  scene.faults.set({ loseOutgoing: { record: 1, refused: 1, writeBackConfirmed: 1, deleted: 1 } });
  await some('bypassed trigger', async ({ Id }) => {
    scene.world.org.injectFault({ kind: 'bypass', object: 'Case', code: '', message: '', count: 1 });
    await scene.world.salesforce('PATCH', `/sobjects/Case/${Id}`, { Subject: 'past the trigger' });
  });
  await some('version skew', ({ External_Id__c: id, Sync_Key__c: key }) =>
    scene.registry('PATCH', `/v1/cases/${id}`, {
      values: { Status: alive.get(key)!.Status === 'Escalated' ? 'Working' : 'Escalated' },
    }),
  );
  await some('orphaned by deletion', ({ External_Id__c: id }) => scene.registry('DELETE', `/v1/cases/${id}`));
  await some('missing outside', async ({ Sync_Key__c: key }) => {
    for (const table of ['case_record', 'case_revision', 'case_request', 'outbox'])
      await scene.world.db.query(`DELETE FROM ${table} WHERE key = $1`, [key]);
  });
  if (scene.random.next() < 0.6) {
    const born = await scene.registry<{ key: string }>('POST', '/v1/cases', {
      values: { Subject: 'Nobody told Salesforce', Status: 'New' },
    });
    planted.set(born!.key, 'missing in Salesforce');
    scene.world.network.count('planted.missing in Salesforce');
  }
  for (const make of DUPLICATES) await someUnder('duplicate', (row) => make(scene, row));
  return planted;
};

/** Repairs that the run sent and did not see arrive, and such that it calls confirmed although they have not. */
const unproven = async (scene: Scene, { discrepancies }: ReconciliationReport): Promise<string[]> => {
  const cases = await scene.world.query<{ Sync_Key__c: string; External_Revision__c: number | null }>(
    'SELECT Sync_Key__c, External_Revision__c FROM Case',
  );
  const revisions = new Map(cases.map((row) => [row.Sync_Key__c, row.External_Revision__c]));
  const records = await scene.world.db.query<{ key: string; revision: number; sync_status: string }>(
    'SELECT key, revision, sync_status FROM case_record',
  );
  const settled = new Map(records.map((row) => [row.key, row.sync_status === 'Success' ? row.revision : null]));
  return discrepancies.flatMap(({ key, repair, outcome }) => {
    if (repair === null) return [];
    if (outcome !== 'confirmed') return [`the ${repair.do} of ${key} was ${outcome}`];
    return revisions.get(key) === settled.get(key)
      ? []
      : [`the ${repair.do} of ${key} is confirmed, and has not arrived`];
  });
};

/**
 * Plants discrepancies in a world at rest: they are found, with their kinds and nothing else; a repair brings
 * both sides together, except for what people must decide.
 */
export const checkReconciliation = async (scene: Scene, { settle }: Pick<Tools, 'settle'>): Promise<string[]> => {
  // the last movement must be past grace, or all is in flight
  await scene.world.clock.advance(PAST_GRACE);
  const before = findings<CaseKind>(await reconciled(scene, true));
  const known = new Map([...before].filter(([, kind]) => kind === 'orphaned by deletion' || kind === 'failed'));
  const broken = differences('before planting', known, before);
  const planted = await plant(scene);
  await scene.external.publish();
  await scene.world.clock.advance(PAST_GRACE);
  const expected = new Map([...known, ...planted]);
  broken.push(...differences('after planting', expected, findings(await reconciled(scene, true))));
  scene.faults.set({ loseOutgoing: {} });
  broken.push(...(await unproven(scene, await reconciled(scene, false))));
  const restless = await settle();
  if (restless.length > 0) return [...broken, 'not at rest after the repair', ...restless];
  await scene.world.clock.advance(PAST_GRACE);
  const left = new Map([...expected].filter(([, kind]) => KINDS[kind].repair === 'none'));
  return [...broken, ...differences('after the repair', left, findings(await reconciled(scene, true)))];
};
