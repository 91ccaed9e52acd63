/** What reconciliation asks the application to repair, and to undo: docs/usage-protocol.md, "Compared". */
import { json, LARGE_BODY_BYTES, type RequestHead } from 'kernel/http.ts';
import {
  byField,
  count,
  describeProblem,
  fields,
  flag,
  key as uuid,
  listOf,
  orNull,
  scalar,
  wholeFrom,
  type Check,
} from '../shared/checks.ts';
import { jsonBody, RequestError, type RoutedRequest, type Routes } from '../shared/router.ts';
import { partsOfKey } from '../shared/usage-entry.ts';
import type { Values } from '../shared/values.ts';
import type { Context } from './context.ts';
import { listRepairs } from './db/repairs.ts';
import { repairAd, restoreBooking, type Repair } from './repairing.ts';

const PAGE = 200;
const MAX_ADS = 100;
const MAX_POSITION = 9_999;

const REPAIRS = fields({
  run: uuid,
  ads: listOf(
    fields({
      adId: uuid,
      isSame: flag,
      ifVersion: orNull(count),
      seenVersion: wholeFrom(0, 999_999_998),
      replaced: listOf(fields({ position: wholeFrom(1, MAX_POSITION), before: byField(scalar) })),
    }),
  ),
});

const RESTORING = fields({ run: uuid, undoes: uuid, ifVersion: count, before: byField(scalar) });

const bodyOf = <T>(request: RoutedRequest, check: Check): T => {
  const body = jsonBody(request);
  const problem = check(body);
  if (problem) throw new RequestError(400, 'BAD_REQUEST', describeProblem(problem));
  return body as T;
};

/** An ad that nobody booked is known by what its entries say alone. */
const isComplete = ({ ifVersion, replaced }: Omit<Repair, 'run'>): boolean =>
  replaced.length > 0 && (ifVersion !== null || replaced.every(({ before }) => before.Cancelled__c === false));

/** `admit`: whoever has the application's secret; `onQueued`: something is to be reported. */
export const repairRoutes = (context: Context, admit: (head: RequestHead) => void, onQueued: () => void): Routes => ({
  // a result for each ad, in order; one that fails delays no other
  'POST /v1/bookings/repair': {
    admit,
    mostBytes: LARGE_BODY_BYTES,
    handle: async (request) => {
      const { run, ads } = bodyOf<{ run: string; ads: Omit<Repair, 'run'>[] }>(request, REPAIRS);
      if (ads.length > MAX_ADS || !ads.every(isComplete))
        throw new RequestError(400, 'BAD_REQUEST', `ads must be at most ${MAX_ADS}, each with what is replaced`);
      const results: { adId: string; problem: string | null }[] = [];
      for (const ad of ads) results.push({ adId: ad.adId, problem: await repairAd(context, { run, ...ad }) });
      onQueued();
      return json(202, { results });
    },
  },

  'POST /v1/bookings/restore': {
    admit,
    handle: async (request) => {
      const body = bodyOf<{ run: string; undoes: string; key: unknown; before: Values; ifVersion: number }>(
        request,
        RESTORING,
      );
      const parts = typeof body.key === 'string' ? partsOfKey(body.key) : null;
      if (parts === null)
        throw new RequestError(400, 'BAD_REQUEST', 'key must be that of a booking: <ad id>#<position>');
      const problem = await restoreBooking(context, { ...body, ...parts });
      if (problem !== null) throw new RequestError(409, 'CHANGED_MEANWHILE', problem);
      onQueued();
      return json(202, parts);
    },
  },

  // what a run repaired, with the values that it replaced
  'GET /v1/repairs': {
    admit,
    handle: async ({ query }) => {
      const run = query.get('run');
      if (!run) throw new RequestError(400, 'BAD_REQUEST', 'run is missing: give the key of a reconciliation run');
      const after = query.get('after') ?? '';
      const repairs = await listRepairs(context.db, { run, key: query.get('key'), after, limit: PAGE });
      return json(200, { repairs, next: repairs.length === PAGE ? repairs.at(-1)!.key : null });
    },
  },
});
