/** What reconciliation asks of bookings: docs/usage-protocol.md, "Compared". */
import { json, type RequestHead } from 'kernel/http.ts';
import { digestRoutes, wantedIn } from '../shared/digest/routes.ts';
import { describeProblem, fields, listOf, salesforceId } from '../shared/checks.ts';
import { jsonBody, RequestError, type Route, type Routes } from '../shared/router.ts';
import { bookingKey, partsOfKey } from '../shared/usage-entry.ts';
import { MAX_SEALS_ASKED, pageOfSeals } from '../shared/usage-seal.ts';
import type { Context } from './context.ts';
import { sealsAfter } from './db/seals.ts';
import { MiddleLayerAway, type AuditedSeals } from './invoices/audited-seals.ts';
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

/** Seals on one page. */
const SEALS = 500;

const checkAsked = fields({ seals: listOf(salesforceId) });

/** What the middle layer answers; its silence is no fault of the caller's request. */
const fromMiddleLayer = async <T>(asked: Promise<T>): Promise<T> => {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof MiddleLayerAway) throw new RequestError(503, 'MIDDLE_LAYER_AWAY', error.message);
    throw error;
  }
};

/** Seals as they are held here and in the middle layer, and how one that is lost is asked for once more. */
const sealRoutes = ({ db }: Context, audited: AuditedSeals): Record<string, Route> => ({
  'GET /v1/seals': async ({ query }) =>
    json(200, pageOfSeals(await sealsAfter(db, query.get('after') ?? '', SEALS), SEALS)),

  'GET /v1/seals/audited': async ({ query }) =>
    json(200, await fromMiddleLayer(audited.list(query.get('after') ?? ''))),

  // by the ids of the Contract_Seal__c: the middle layer has the user that may
  'POST /v1/seals/again': async (request) => {
    const asked = jsonBody(request) as { seals: string[] };
    const problem = checkAsked(asked);
    if (problem || asked.seals.length === 0 || asked.seals.length > MAX_SEALS_ASKED)
      throw new RequestError(
        400,
        'BAD_REQUEST',
        problem ? describeProblem(problem) : `seals must be a list of 1 to ${MAX_SEALS_ASKED} ids`,
      );
    return json(202, { results: await fromMiddleLayer(audited.askAgain(asked.seals)) });
  },
});

/** `admit`: whoever has the application's secret. */
export const comparedRoutes = (context: Context, audited: AuditedSeals, admit: (head: RequestHead) => void): Routes => {
  const { db } = context;
  const routes: Record<string, Route> = {
    ...digestRoutes(db, BOOKINGS),
    ...sealRoutes(context, audited),

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
