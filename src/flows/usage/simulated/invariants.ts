import type { Ad } from '../../../service-app/db/ads.ts';
import type { DecisionKind } from '../../../shared/usage-messages.ts';
import type { World } from '../../../simulation/world.ts';
import { allContracts, allEntries, allExceptions, allLines, thousandths } from './in-org.ts';
import type { ContractRow, EntryRow, ExceptionRow, LineRow } from './in-org.ts';
import { POISON } from './poison.ts';
import type { Scene } from './scene.ts';
import { brokenSeals, sealsApart } from './seals.ts';
import { decisionsApart, StandingDecisions } from './decisions.ts';

/** Both sides at one moment. */
interface Moment {
  contracts: ContractRow[];
  lines: LineRow[];
  entries: EntryRow[];
  exceptions: ExceptionRow[];
  /** Every version of every ad, by `<ad>@<version>`. */
  history: Map<string, State>;
}

type State = Pick<Ad, 'title' | 'contractNumber' | 'cancelled' | 'uses'>;

const historyOf = async (world: World): Promise<Map<string, State>> =>
  new Map(
    (
      await world.db.query<{ name: string; state: State }>(
        "SELECT ad_id || '@' || version AS name, state FROM ad_change ORDER BY ad_id, version",
      )
    ).map(({ name, state }) => [name, state]),
  );

const grouped = <T>(items: readonly T[], by: (item: T) => string): Map<string, T[]> => {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(by(item), [...(groups.get(by(item)) ?? []), item]);
  return groups;
};

/** What an ad uses, as one text for both sides. */
const usesText = (uses: readonly { key: string; contract: string; product: string; units: number }[]): string =>
  uses
    .map(({ key, contract, product, units }) => `${key} ${contract} ${product} ${units / 1000}`)
    .toSorted()
    .join(', ');

const entered = (entries: readonly EntryRow[]): string =>
  usesText(
    entries.map((entry) => ({
      key: entry.Booking_Key__c,
      contract: entry.Line__r.Contract__r.ContractNumber,
      product: entry.Line__r.Product__r.ProductCode,
      units: thousandths(entry.Units__c),
    })),
  );

const booked = (adId: string, { uses, contractNumber: contract, cancelled }: State): string =>
  usesText(
    cancelled
      ? []
      : uses.map(({ position, productNumber: product, units }) => ({
          key: `${adId}#${position}`,
          contract,
          product,
          units: thousandths(units),
        })),
  );

const newest = (entries: readonly { Version__c: number }[]): number =>
  Math.max(0, ...entries.map(({ Version__c: version }) => version));

/** What must hold between ads and usage entries. */
export class Invariants {
  readonly #scene: Scene;
  /** What a contract looked like when it was first seen fulfilled, by its number. */
  readonly #locked = new Map<string, string>();
  /** Attempts of each report, by ad and version, and the last place of the queue, when somebody looked last. */
  #queue = { attempts: new Map<string, number>(), last: 0 };
  readonly #decisions = new StandingDecisions();
  /** The highest version that Salesforce has shown of each booking. */
  readonly #versions = new Map<string, number>();

  constructor(scene: Scene) {
    this.#scene = scene;
  }

  async #moment(): Promise<Moment> {
    const { world } = this.#scene;
    const [contracts, lines, entries] = [await allContracts(world), await allLines(world), await allEntries(world)];
    return { contracts, lines, entries, exceptions: await allExceptions(world), history: await historyOf(world) };
  }

  async always(): Promise<string[]> {
    return this.#always(await this.#moment());
  }

  async #always(now: Moment): Promise<string[]> {
    return [
      ...this.#sums(now),
      ...this.#overBooked(now),
      ...this.#lock(now),
      ...this.#versionsFell(now),
      ...this.#whole(now),
      ...this.#decisions.changed(now.exceptions),
      ...(await brokenSeals(this.#scene.world, now.contracts, now.entries)),
      ...(await this.#places()),
      ...(await this.#refusals()),
    ];
  }

  /** The sum of entries that are not cancelled is what the line says. */
  #sums({ lines, entries }: Moment): string[] {
    const byLine = grouped(
      entries.filter((entry) => !entry.Cancelled__c),
      (entry) => entry.Line__c,
    );
    return lines.flatMap((line) => {
      const used = byLine.get(line.Id) ?? [];
      const sum = used.reduce((total, entry) => total + thousandths(entry.Units__c), 0);
      const told = thousandths(line.Consumed_Units__c);
      return sum === told && used.length === (line.Usage_Count__c ?? 0)
        ? []
        : [
            `line ${line.Id} says ${told / 1000} units of ${line.Usage_Count__c ?? 0} entries, and ${used.length} entries have ${sum / 1000}`,
          ];
    });
  }

  #overBooked({ contracts, lines }: Moment): string[] {
    const blocking = new Set(contracts.filter((row) => row.Overbooking__c === 'Block').map(({ Id }) => Id));
    return lines
      .filter((line) => blocking.has(line.Contract__c) && (line.Consumed_Units__c ?? 0) > line.Units__c)
      .map((line) => `line ${line.Id} has ${line.Units__c} units, and ${line.Consumed_Units__c} are used`);
  }

  /** From its fulfilment on, nothing of a contract's lines and entries changes. */
  #lock({ contracts, lines, entries }: Moment): string[] {
    const fulfilled = new Set(contracts.filter((row) => row.Fulfilled__c).map(({ ContractNumber }) => ContractNumber));
    const seen = contracts
      .filter(({ ContractNumber: number }) => fulfilled.has(number))
      .map(({ Id, ContractNumber: number }): [string, string] => {
        const own = lines.filter(({ Contract__c: id }) => id === Id);
        const ids = new Set(own.map((line) => line.Id));
        return [number, JSON.stringify([own, entries.filter(({ Line__c: id }) => ids.has(id))])];
      });
    const now = new Map(seen);
    const broken = [...this.#locked]
      .filter(([number, before]) => now.get(number) !== before)
      .map(([number, before]) => `contract ${number} is fulfilled and changed: ${before} became ${now.get(number)}`);
    for (const [number, state] of now) if (!this.#locked.has(number)) this.#locked.set(number, state);
    return broken;
  }

  #versionsFell({ entries }: Moment): string[] {
    return entries.flatMap(({ Booking_Key__c: key, Version__c: version }) => {
      const before = this.#versions.get(key) ?? 0;
      this.#versions.set(key, Math.max(before, version));
      return version < before ? [`booking ${key} fell from version ${before} to ${version}`] : [];
    });
  }

  /** Salesforce has one version of an ad, all of it and nothing else. */
  #whole({ entries, history }: Moment): string[] {
    return [...grouped(entries, ({ Ad_Id__c: adId }) => adId)].flatMap(([adId, ofAd]) => {
      const version = newest(ofAd);
      const state = history.get(`${adId}@${version}`);
      if (!state) return [`Salesforce has version ${version} of ad ${adId}, which nobody saved`];
      const [is, should] = [entered(ofAd.filter((entry) => !entry.Cancelled__c)), booked(adId, state)];
      return is === should ? [] : [`ad ${adId} at version ${version} uses ${should}, and Salesforce has ${is}`];
    });
  }

  /** What was not taken goes to the end of the queue: it delays no other ad. */
  async #places(): Promise<string[]> {
    const rows = await this.#scene.world.db.query<{ ad: string; attempts: number; place: number }>(
      `SELECT ad_id || ' at version ' || version AS ad, attempts, place FROM report ORDER BY place`,
    );
    const before = this.#queue;
    this.#queue = {
      attempts: new Map(rows.map(({ ad, attempts }) => [ad, attempts])),
      last: Math.max(before.last, ...rows.map(({ place }) => place)),
    };
    return rows
      .filter(({ ad, attempts, place }) => attempts > (before.attempts.get(ad) ?? attempts) && place <= before.last)
      .map(({ ad }) => `the report of ad ${ad} was not taken, and did not go to the end of the queue`);
  }

  /**
   * Salesforce refuses only what an administrator's rule refuses: all else is entered, or an exception. A governor limit that
   * was drawn is nobody's word on an ad.
   */
  async #refusals(): Promise<string[]> {
    const rows = await this.#scene.world.db.query<{ key: string; code: string }>(
      `SELECT key, coalesce(code, '') AS code FROM audit
        WHERE flow = 'usage' AND outcome = 'REFUSED' AND code IS DISTINCT FROM 'LimitException'
          AND NOT EXISTS (SELECT 1 FROM ad_change c WHERE c.ad_id = audit.key AND c.version = audit.version AND c.state->>'title' LIKE $1)
        ORDER BY seq`,
      [`${POISON}%`],
    );
    return rows.map(({ key, code }) => `the report of ad ${key} was refused with ${code}`);
  }

  /** Bookings of the application are entries and open exceptions: nothing is lost, doubled or out of order. */
  async atRest(): Promise<string[]> {
    const now = await this.#moment();
    const broken = await this.#always(now);
    const entries = grouped(now.entries, ({ Ad_Id__c: adId }) => adId);
    const exceptions = grouped(now.exceptions, ({ Ad_Id__c: adId }) => adId);
    const { world } = this.#scene;
    const ads = await world.db.query<Standing>(
      `SELECT id, version, cancelled, outcome, error_code AS "errorCode", decided_version AS decided,
        (SELECT kind FROM ad_decision d WHERE d.ad_id = ad.id AND d.carried_version = ad.version) AS "carriesOut",
        (SELECT count(*)::integer FROM ad_change c WHERE c.ad_id = ad.id AND c.by_user LIKE '% (Salesforce)') AS "bySalesforce"
       FROM ad ORDER BY id`,
    );
    broken.push(
      ...this.#books(now, ads),
      ...(await sealsApart(world)),
      ...(await decisionsApart(world, now.exceptions, now.entries)),
    );
    for (const ad of ads) {
      const state = now.history.get(`${ad.id}@${ad.version}`)!;
      broken.push(...judge({ ...ad, uses: state.uses }, state, entries.get(ad.id) ?? [], exceptions.get(ad.id) ?? []));
    }
    return broken;
  }

  /** The application has every ad as somebody last saw it; versions since then carry out what was decided in Salesforce. */
  #books({ history }: Moment, ads: readonly Standing[]): string[] {
    const stored = new Map(ads.map((ad) => [ad.id, ad]));
    const textOf = (id: string, ad: State): string => `${ad.title}, ${ad.contractNumber}: ${booked(id, ad)}`;
    return this.#scene.books.all.flatMap((ad) => {
      const state = history.get(`${ad.id}@${ad.version}`);
      const is = stored.get(ad.id);
      const since = (is?.version ?? 0) - ad.version;
      return since >= 0 && since <= is!.bySalesforce && state && textOf(ad.id, state) === textOf(ad.id, ad)
        ? []
        : [`ad ${ad.id} was saved at version ${ad.version}, and the application has ${is?.version ?? 'none'}`];
    });
  }
}

/** An ad in the application, once everything has arrived. */
interface Standing extends Ad {
  /** The newest version of which Salesforce has decided. */
  decided: number;
  /** The decision that the ad's version carries out; null: none. */
  carriesOut: DecisionKind | null;
  /** Versions that were made to carry out what was decided in Salesforce. */
  bySalesforce: number;
}

/** A version that carries out a credit or a drop says what Salesforce has; no entry changes for it. */
const isTakenBack = ({ id, carriesOut }: Standing, state: State, entries: readonly EntryRow[]): boolean =>
  (carriesOut === 'CREDIT' || carriesOut === 'DROP') &&
  entered(entries.filter((entry) => !entry.Cancelled__c)) === booked(id, state);

/** What does not hold of one ad once everything has arrived. */
const judge = (
  ad: Standing,
  state: State,
  entries: readonly EntryRow[],
  exceptions: readonly ExceptionRow[],
): string[] => {
  const problem = (text: string): string[] => [`ad ${ad.id} at version ${ad.version} ${text}`];
  if (ad.decided !== ad.version || ad.outcome === null) return problem('has no outcome');
  const open = exceptions.filter((row) => row.Open__c);
  const old = open.filter(({ Version__c: version }) => version !== ad.version);
  if (old.length > 0) return problem(`waits for a decision on version ${old[0]!.Version__c}`);
  if (newest(entries) === ad.version)
    return open.length > 0 || (ad.outcome !== 'APPLIED' && ad.outcome !== 'IGNORED')
      ? problem(`is entered, and shown as ${ad.outcome} with ${open.length} open exceptions`)
      : [];
  if (ad.errorCode === 'DECIDED') return problem('has not heard what was decided in Salesforce');
  if (open.length > 0)
    return open.length === ad.uses.length && ad.outcome === 'EXCEPTION'
      ? []
      : problem(`has ${open.length} open exceptions of ${ad.uses.length} uses, and is shown as ${ad.outcome}`);
  if (isTakenBack(ad, state, entries)) return [];
  // what was never entered, or what no contract took, has nothing to take back
  if (ad.cancelled && entries.every((entry) => entry.Cancelled__c)) return [];
  return problem(`is nowhere in Salesforce, which has version ${newest(entries)}; it is shown as ${ad.outcome}`);
};
