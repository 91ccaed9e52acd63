/** What reconciliation asks of bookings: docs/usage-protocol.md, "Compared". */
import { json, type RequestHead } from 'kernel/http.ts';
import { digestRoutes, wantedIn } from '../shared/digest/routes.ts';
import type { Route, Routes } from '../shared/router.ts';
import { bookingKey, partsOfKey } from '../shared/usage-entry.ts';
import type { Context } from './context.ts';
import {
  BOOKINGS,
  comparedAds,
  keysOfElements,
  unsettledAds,
  type ComparedAd,
  type SavedState,
} from './db/bookings.ts';

/** Ads on one page of those that have not settled. */
const PAGE = 500;

/** What an ad's state uses at a position; null: nothing that counts. */
const usedAt = (state: SavedState | null, position: number): object | null => {
  const use = state?.cancelled === false ? state.uses.find((each) => each.position === position) : undefined;
  if (!state || !use) return null;
  const { productNumber, units } = use;
  return { contractNumber: state.contractNumber, productNumber, units };
};

const viewOf = (ad: ComparedAd, position: number): object => ({
  key: bookingKey(ad.id, position),
  adId: ad.id,
  version: ad.version,
  appliedVersion: ad.appliedVersion,
  applied: usedAt(ad.applied, position),
  outcome: ad.outcome,
  errorCode: ad.errorCode,
  report: ad.report,
  updatedAt: ad.updatedAt,
});

/** A view of each position that the ad uses, or that Salesforce has applied. */
const viewsOf = (ad: ComparedAd): object[] => {
  const used = [...(ad.applied?.uses ?? []), ...ad.newest.uses].map(({ position }) => position);
  return [...new Set(used)].toSorted((a, b) => a - b).map((position) => viewOf(ad, position));
};

/** `admit`: whoever has the application's secret. */
export const comparedRoutes = ({ db }: Context, admit: (head: RequestHead) => void): Routes => {
  const routes: Record<string, Route> = {
    ...digestRoutes(db, BOOKINGS),

    // bookings by key, or by the identity halves of a decoded element; of a key whose ad is known, whether it uses it or not
    'POST /v1/bookings/lookup': async (request) => {
      const { keys, elements } = wantedIn(request);
      const wanted = [...new Set([...keys, ...(await keysOfElements(db, elements))])].flatMap((key) => {
        const parts = partsOfKey(key);
        return parts === null ? [] : [parts];
      });
      const ads = new Map(
        (
          await comparedAds(
            db,
            wanted.map(({ adId }) => adId),
          )
        ).map((ad) => [ad.id, ad]),
      );
      return json(200, {
        bookings: wanted.flatMap(({ adId, position }) => (ads.has(adId) ? [viewOf(ads.get(adId)!, position)] : [])),
      });
    },

    // bookings of ads of which something is still to be reported, or was refused: sums cannot tell
    'GET /v1/bookings/unsettled': async ({ query }) => {
      const ads = await unsettledAds(db, query.get('after') ?? '', PAGE);
      return json(200, { bookings: ads.flatMap(viewsOf), next: ads.length === PAGE ? ads.at(-1)!.id : null });
    },
  };
  return Object.fromEntries(Object.entries(routes).map(([name, handle]) => [name, { admit, handle }]));
};
