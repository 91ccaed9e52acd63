/**
 * Repairs of differences between bookings and usage entries: the ad is reported again by its own queue, for nobody else
 * writes entries. Each may be repeated without harm.
 */
import type { Queryable } from '../shared/sql/types.ts';
import { bookingKey } from '../shared/usage-entry.ts';
import type { Use } from '../shared/usage-messages.ts';
import type { Values } from '../shared/values.ts';
import { queueAsItIs, saveNext } from './booking.ts';
import type { Context } from './context.ts';
import { insertAd, lockAd, type Ad } from './db/ads.ts';
import { insertRepair, versionMadeBy } from './db/repairs.ts';

/** Who repairs, in the history of an ad. */
const BY = 'reconciliation';
/** The codes for "no currency": ISO 4217. Of an ad that nobody booked none is known. */
const NO_CURRENCY = 'XXX';
const NOBODY_BOOKED = 'Booked by nobody, taken back';

const CONTRACT = 'Line__r.Contract__r.ContractNumber';
const PRODUCT = 'Line__r.Product__r.ProductCode';

export interface Repair {
  run: string;
  adId: string;
  /** Whether the report of the ad's version leaves once more, or the ad gets a new version. */
  isSame: boolean;
  /** As it was compared; null: nobody booked the ad. */
  ifVersion: number | null;
  /** The highest version that Salesforce has of it. */
  seenVersion: number;
  /** What its entries said that is replaced. */
  replaced: { position: number; before: Values }[];
}

/** Reports an ad again. Why it was not, or null. */
export const repairAd = ({ db, ...rest }: Context, repair: Repair): Promise<string | null> =>
  db.transaction(async (tx) => {
    const context = { db, ...rest };
    const { run, adId, replaced } = repair;
    const ad = await lockAd(tx, adId);
    if ((await versionMadeBy(tx, run, adId)) !== null) return null;
    if (ad && ad.version !== repair.ifVersion) return `the ad has moved on to version ${ad.version}; compare again`;
    if (!ad && repair.ifVersion !== null) return 'there is no such ad any more';
    if (ad && repair.isSame) {
      await queueAsItIs(context, tx, ad);
      return null;
    }
    const { version } = ad ? await renew(context, tx, ad, repair) : await withdraw(context, tx, repair);
    const at = new Date(context.clock.now());
    for (const { position, before } of replaced)
      await insertRepair(tx, { run, key: bookingKey(adId, position), adId, version, before, undoes: null, at });
    return null;
  });

/** The ad as it is, above every version that either side has seen. */
const renew = (context: Context, tx: Queryable, ad: Ad, { seenVersion }: Repair): Promise<Ad> =>
  saveNext(context, tx, { what: 'repaired', after: { ...ad, version: Math.max(ad.version, seenVersion) } }, BY);

/** A cancelled ad in the place of one that nobody booked: its report takes back what stands in Salesforce. */
const withdraw = async (context: Context, tx: Queryable, { adId, seenVersion, replaced }: Repair): Promise<Ad> => {
  const ad: Ad = {
    id: adId,
    version: Math.max(1, seenVersion),
    title: NOBODY_BOOKED,
    contractNumber: String(replaced[0]!.before[CONTRACT]),
    currency: NO_CURRENCY,
    bookedAt: new Date(context.clock.now()),
    cancelled: true,
    uses: replaced.map(({ position, before }) => useOf(position, before)),
    outcome: null,
    errorCode: null,
    error: null,
  };
  await insertAd(tx, ad);
  return saveNext(context, tx, { what: 'withdrawn', after: ad }, BY);
};

const useOf = (position: number, before: Values): Use => ({
  position,
  productNumber: String(before[PRODUCT]),
  units: String(before.Units__c),
});

export interface Restoring {
  run: string;
  undoes: string;
  adId: string;
  position: number;
  /** What the entry said before the repair. */
  before: Values;
  /** The version that the repair made. */
  ifVersion: number;
}

/** Books what an entry said before a repair, as a new version of the ad. Why not, or null. */
export const restoreBooking = (context: Context, restoring: Restoring): Promise<string | null> =>
  context.db.transaction(async (tx) => {
    const { run, undoes, adId, position, before, ifVersion } = restoring;
    const ad = await lockAd(tx, adId);
    if (!ad) return 'there is no such ad any more';
    // what else the same undo has given back of the ad does not stand in its way
    const own = await versionMadeBy(tx, run, adId);
    if (ad.version !== ifVersion && ad.version !== own) return `the ad has moved on to version ${ad.version}`;
    const { version } = await saveNext(context, tx, { what: 'restored', after: restored(ad, position, before) }, BY);
    const at = new Date(context.clock.now());
    await insertRepair(tx, {
      run,
      key: bookingKey(adId, position),
      adId,
      version,
      before: saidOf(ad, position),
      undoes,
      at,
    });
    return null;
  });

/** What an entry says of the ad's use at a position. */
const saidOf = ({ cancelled, contractNumber, uses }: Ad, position: number): Values => {
  const use = cancelled ? undefined : uses.find((each) => each.position === position);
  return use
    ? { Cancelled__c: false, [CONTRACT]: contractNumber, [PRODUCT]: use.productNumber, Units__c: Number(use.units) }
    : { Cancelled__c: true };
};

const restored = (ad: Ad, position: number, before: Values): Ad => {
  const others = ad.cancelled ? [] : ad.uses.filter((use) => use.position !== position);
  if (before.Cancelled__c === true) return others.length > 0 ? { ...ad, uses: others } : { ...ad, cancelled: true };
  const uses = [...others, useOf(position, before)].toSorted((a, b) => a.position - b.position);
  return { ...ad, cancelled: false, contractNumber: String(before[CONTRACT]), uses };
};
