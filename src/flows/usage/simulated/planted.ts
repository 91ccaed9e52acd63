/** Differences that no message will mend, planted in a world at rest. */
import { randomUuid } from 'kernel/random.ts';
import { reconcile } from '../../../reconciliation/reconcile.ts';
import type { ReconciliationReport } from '../../../reconciliation/report.ts';
import { WHOLE_RANGE } from '../../../reconciliation/types.ts';
import { differences, findings } from '../../../simulation/found.ts';
import type { Tools } from '../../../simulation/flow.ts';
import { Violation } from '../../../simulation/process.ts';
import { reportAgain } from '../../../service-app/booking.ts';
import { salesforceOf } from '../../../simulation/salesforce-of.ts';
import { comparedEntry } from '../compared/entry.ts';
import { KINDS } from '../compared/kinds.ts';
import type { UsageKind } from '../compared/types.ts';
import { allContracts, allEntries, allLines, type EntryRow } from './in-org.ts';
import type { Scene } from './scene.ts';
import { sealingsIn } from './seals.ts';

const MINUTE = 60_000;
const GRACE = 15 * MINUTE;
/** Clocks differ by up to three minutes. */
export const PAST_GRACE = GRACE + 5 * MINUTE;
/** Longer than a seal in progress may rest. */
const PAST_REST = 125 * MINUTE;
const CONFIRM_WAIT = 10 * MINUTE;
/** The share of kinds that a seed plants. */
const SHARE = 0.6;
/** Units that nobody books: they find room on every line. */
const PLANTED_UNITS = 0.001;

export const reconciled = (scene: Scene, dryRun: boolean): Promise<ReconciliationReport> => {
  const { world } = scene;
  const salesforce = salesforceOf(world);
  return reconcile({
    compared: comparedEntry,
    salesforce,
    org: salesforce,
    external: scene.external,
    // all is at rest: who waits for a query job moves the time; who waits for a repair lets it arrive
    clock: {
      now: () => world.clock.now(),
      sleep: async (ms) => {
        await world.clock.advance(ms);
        if (!dryRun) for (let rounds = 0; rounds < 3; rounds++) await world.round();
      },
    },
    confirmWaitMs: CONFIRM_WAIT,
    graceMs: GRACE,
    dryRun,
    contentCheck: WHOLE_RANGE,
    // both ways to read are to find the same
    ...(dryRun ? { maxContentCheckQueried: 0 } : {}),
    runKey: randomUuid(scene.random),
    breakerShare: 1,
  });
};

const pathOf = ({ Id }: EntryRow): string => `/sobjects/Usage_Entry__c/${Id}`;

/** The middle layer says that it has taken the report of an ad, and no outcome comes. */
const loseReport = async (scene: Scene, adId: string): Promise<void> => {
  await scene.inApp(`reports ${adId} again`, (context) => reportAgain(context, adId));
  await scene.world.db.query(
    "UPDATE report SET state = 'taken', not_before = not_before + interval '1 hour' WHERE ad_id = $1",
    [adId],
  );
};

/** What can be planted, and how to take it back where nobody repairs it. */
class Planting {
  readonly planted = new Map<string, UsageKind>();
  readonly #scene: Scene;
  #free: EntryRow[];
  readonly #locked: EntryRow[];
  readonly #restores: (() => Promise<unknown>)[] = [];

  /** `entries`: an entry of each ad that is settled. */
  constructor(scene: Scene, entries: readonly EntryRow[], fulfilled: ReadonlySet<string>) {
    const isLocked = (row: EntryRow): boolean => fulfilled.has(row.Line__r.Contract__r.ContractNumber);
    this.#scene = scene;
    this.#free = entries.filter((row) => !isLocked(row));
    this.#locked = entries.filter(isLocked);
  }

  /** Makes a difference of an entry, in so many of the seeds. */
  async some(kind: UsageKind, make: (row: EntryRow) => Promise<unknown>, from = this.#free): Promise<void> {
    const { random } = this.#scene;
    const [row] = random.next() < SHARE ? from.splice(Math.floor(random.next() * from.length), 1) : [];
    if (!row) return;
    await make(row);
    this.#note(row.Booking_Key__c, kind);
  }

  async all(): Promise<void> {
    await this.#stopSealing();
    await this.#forgetSum();
    await this.some('stuck in progress', (row) => loseReport(this.#scene, row.Ad_Id__c));
    await this.#changeEntries();
  }

  /** Takes back what nobody repairs. */
  async restore(): Promise<void> {
    for (const restore of this.#restores) await restore();
  }

  /** A contract is fulfilled whose seal takes steps, and the jobs of the org stand still: they go on with the next round. */
  async #stopSealing(): Promise<void> {
    const { world, sales } = this.#scene;
    const numberOf = (row: EntryRow): string => row.Line__r.Contract__r.ContractNumber;
    const large = [...Map.groupBy(this.#free, numberOf)].filter(([, rows]) => rows.length > 1);
    const [number] = (world.isSmall && this.#scene.pick(large)) || [];
    if (number === undefined) return;
    const { Id: id } = (await allContracts(world)).find((row) => row.ContractNumber === number)!;
    await sales.ask('PATCH', `/sobjects/Contract/${id}`, { Fulfilled__c: true });
    if (!(await sealingsIn(world)).some((row) => row.Contract__c === id))
      throw new Violation(`contract ${number} is not being sealed`);
    this.#free = this.#free.filter((row) => numberOf(row) !== number);
    this.#note(`contract ${number.toLowerCase()}`, 'unfinished seal');
  }

  /** An entry is changed and changed back, and the second time nobody sums up: other differences of its line would. */
  async #forgetSum(): Promise<void> {
    const { world } = this.#scene;
    const row = this.#scene.pick(this.#free);
    if (!row || !this.#scene.chance(SHARE)) return;
    const back = async (): Promise<void> => {
      await world.salesforce('PATCH', pathOf(row), { Units__c: row.Units__c });
    };
    await world.salesforce('PATCH', pathOf(row), { Units__c: PLANTED_UNITS });
    world.org.injectFault({ kind: 'summary', object: 'Usage_Entry__c', code: '', message: '', count: 1 });
    await back();
    this.#free = this.#free.filter(({ Line__c: line }) => line !== row.Line__c);
    this.#note(row.Line__c, 'wrong sum');
    this.#restores.push(async () => {
      await world.salesforce('PATCH', pathOf(row), { Units__c: PLANTED_UNITS });
      await back();
    });
  }

  #note(key: string, kind: UsageKind): void {
    this.planted.set(key, kind);
    this.#scene.world.network.count(`planted.${kind}`);
  }

  async #changeEntries(): Promise<void> {
    const { world } = this.#scene;
    const path = pathOf;
    const past = async (method: string, row: EntryRow, values?: object): Promise<void> => {
      world.org.injectFault({ kind: 'bypass', object: 'Usage_Entry__c', code: '', message: '', count: 1 });
      await world.salesforce(method, path(row), values);
    };
    await this.some('bypassed trigger', (row) => past('PATCH', row, { Units__c: PLANTED_UNITS }));
    await this.some('missing in Salesforce', (row) => past('DELETE', row));
    await this.some('field mismatch', (row) => world.salesforce('PATCH', path(row), { Units__c: PLANTED_UNITS }));
    // two above, so that the application's next version alone would still be an older one
    await this.some('version skew', (row) => world.salesforce('PATCH', path(row), { Version__c: row.Version__c + 2 }));
    // no rule stands behind the trigger for a version
    await this.some(
      'broken seal',
      async (row) => {
        await past('PATCH', row, { Version__c: row.Version__c + 1 });
        this.#restores.push(() => past('PATCH', row, { Version__c: row.Version__c }));
      },
      this.#locked,
    );
    await this.some('missing outside', async (row) => {
      // nobody booked it any more
      for (const table of ['booking', 'ad_use', 'ad_decision', 'ad_change', 'ad'])
        await world.db.query(`DELETE FROM ${table} WHERE ${table === 'ad' ? 'id' : 'ad_id'} = $1`, [row.Ad_Id__c]);
    });
  }
}

/** An entry that counts of each ad that has one alone, and that waits for nobody's decision. */
const plantable = async ({ world }: Scene): Promise<EntryRow[]> => {
  const settled = new Set(
    (
      await world.db.query<{ id: string }>(
        "SELECT id FROM ad WHERE outcome IN ('APPLIED', 'IGNORED') AND decided_version = version AND applied_version = version",
      )
    ).map(({ id }) => id),
  );
  const byAd = Map.groupBy(await allEntries(world), ({ Ad_Id__c: adId }) => adId);
  return [...byAd].flatMap(([adId, entries]) =>
    entries.length === 1 && !entries[0]!.Cancelled__c && settled.has(adId) ? entries : [],
  );
};

/** Repairs that the run sent and did not see arrive. */
const unproven = ({ discrepancies }: ReconciliationReport): string[] =>
  discrepancies.flatMap(({ key, repair, outcome }) =>
    repair === null || outcome === 'confirmed' ? [] : [`the ${repair.do} of ${key} was ${outcome}`],
  );

/** Each line says what its entries come to, also of what was repaired. */
export const wrongSums = async ({ world }: Scene): Promise<string[]> => {
  const entries = (await allEntries(world)).filter((row) => !row.Cancelled__c);
  return (await allLines(world)).flatMap((line) => {
    const units = entries.filter((row) => row.Line__c === line.Id).map((row) => Math.round(row.Units__c * 1000));
    const sum = units.reduce((total, each) => total + each, 0) / 1000;
    return sum === (line.Consumed_Units__c ?? 0) ? [] : [`line ${line.Id} says ${line.Consumed_Units__c}, not ${sum}`];
  });
};

/**
 * Plants discrepancies in a world at rest: they are found, with their kinds and nothing else; the application repairs them
 * by its own reports, except for what people must decide, and what is sealed stays as it is.
 */
export const checkReconciliation = async (scene: Scene, { settle }: Pick<Tools, 'settle'>): Promise<string[]> => {
  const { world } = scene;
  // the last movement must be past grace, or all is in flight
  await world.clock.advance(PAST_GRACE);
  const before = findings<UsageKind>(await reconciled(scene, true));
  const known = new Map([...before].filter(([, kind]) => kind === 'failed'));
  const broken = differences('before planting', known, before);
  const fulfilled = new Set(
    (await allContracts(world)).filter((row) => row.Fulfilled__c).map((row) => row.ContractNumber),
  );
  const planting = new Planting(scene, await plantable(scene), fulfilled);
  await planting.all();
  await world.clock.advance(PAST_REST);
  const expected = new Map([...known, ...planting.planted]);
  broken.push(...differences('after planting', expected, findings(await reconciled(scene, true))));
  broken.push(...unproven(await reconciled(scene, false)));
  const restless = await settle();
  if (restless.length > 0) return [...broken, 'not at rest after the repair', ...restless];
  await world.clock.advance(PAST_GRACE);
  // the jobs of the org have gone on with the seal
  const left = new Map([...expected].filter(([, kind]) => KINDS[kind].repair === 'none' && kind !== 'unfinished seal'));
  broken.push(...differences('after the repair', left, findings(await reconciled(scene, true))));
  await planting.restore();
  return [...broken, ...(await wrongSums(scene))];
};
