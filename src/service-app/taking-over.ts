/**
 * Bookings of a sealed contract that this application has lost, with a database that was put back or is new, are taken over from
 * Salesforce: a supervisor asks for it, where what stands there is what everybody else has sealed.
 */
import { decimal, exactText } from '../shared/exact-decimal.ts';
import type { Queryable } from '../shared/sql/types.ts';
import { partsOfKey } from '../shared/usage-entry.ts';
import { saveNext } from './booking.ts';
import type { Context } from './context.ts';
import type { Contracts, LiveAd } from './contracts.ts';
import { insertAd, lockAd, recordApplied, recordChange, recordOutcome, updateAd, type Ad } from './db/ads.ts';
import { replaceSaved, savedAt, type SavedState } from './db/bookings.ts';
import { endReport } from './db/reports.ts';
import type { AuditedSeals } from './invoices/audited-seals.ts';
import { verifySeal } from './invoices/verify.ts';
import { compareSeal } from './seals.ts';

/** Ads of one query, and of one transaction: with the uses of each they are rows of one page. */
const MAX_ADS = 100;

export type TakenOver = { is: 'taken over'; ads: number } | { is: 'refused'; problems: string[] };

/**
 * Takes over the ads of a contract that differ from what was sealed, and compares again. Each change says who asked for it. What was
 * booked here under the same version is booked once more, as a new version. Rejects with SalesforceAway and MiddleLayerAway.
 */
export const takeOver = async (
  context: Context,
  sides: { contracts: Contracts; audited: AuditedSeals },
  contractNumber: string,
  by: string,
): Promise<TakenOver> => {
  const verdict = await verifySeal(context, sides, contractNumber);
  if (verdict.agrees) return { is: 'taken over', ads: 0 };
  if (verdict.lost.length === 0) return { is: 'refused', problems: verdict.problems };
  let taken = 0;
  const adIds = [...new Set(verdict.lost.map((key) => partsOfKey(key)?.adId ?? key))];
  for (let at = 0; at < adIds.length; at += MAX_ADS) {
    const ads = await sides.contracts.readAds(adIds.slice(at, at + MAX_ADS));
    await context.db.transaction(async (tx) => {
      for (const ad of ads) await takeOverAd(context, tx, ad, by);
    });
    taken += ads.length;
  }
  await compareSeal(context, contractNumber);
  return { is: 'taken over', ads: taken };
};

const isSame = (saved: SavedState, live: LiveAd): boolean => {
  const said = ({ contractNumber, cancelled, uses }: SavedState): string =>
    JSON.stringify(
      cancelled
        ? null
        : [
            contractNumber,
            uses.map(({ position, productNumber, units }) => [position, productNumber, exactText(decimal(units))]),
          ],
    );
  return said(saved) === said(live);
};

/** The ad as Salesforce has it: what it says of that version is true, whatever was saved here. */
const takeOverAd = async (context: Context, tx: Queryable, live: LiveAd, by: string): Promise<void> => {
  const at = new Date(context.clock.now());
  const taken: Ad = { ...live, outcome: null, errorCode: null, error: null };
  const change = { what: 'taken over', by, at } as const;
  const ad = await lockAd(tx, live.id);
  if (!ad || ad.version < live.version) {
    await (ad ? updateAd : insertAd)(tx, taken);
    await recordChange(tx, taken, change);
  } else {
    const saved = await savedAt(tx, live.id, live.version);
    if (!saved) await recordChange(tx, taken, change);
    else if (!isSame(saved, live)) {
      if (ad.version === live.version) await saveNext(context, tx, { what: 'repaired', after: ad }, by);
      await replaceSaved(tx, taken, change);
    }
  }
  await endReport(tx, live.id, live.version);
  const applied = {
    adId: live.id,
    version: live.version,
    outcome: 'APPLIED',
    errorCode: null,
    error: null,
    at,
  } as const;
  await recordOutcome(tx, applied);
  await recordApplied(tx, live.id, live.version);
};
