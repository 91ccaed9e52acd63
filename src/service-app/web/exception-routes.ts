/** The page of exceptions: everybody sees it, supervisors decide. */
import type { HttpResponse } from 'kernel/http.ts';
import { RequestError } from '../../shared/router.ts';
import { BadForm } from '../booking.ts';
import { findAd, openExceptions } from '../db/ads.ts';
import { listDecisions } from '../db/decisions.ts';
import type { Session } from '../db/people.ts';
import { decide, type WantedDecision } from '../decisions.ts';
import { warningsOf } from './ad-pages.ts';
import type { Desk } from './desk.ts';
import { exceptionsPage, type SentDecision } from './exception-pages.ts';
import { idOf, versionOf } from './forms.ts';
import { contractOf } from './live.ts';
import { seeOther } from './page.ts';
import type { PageRoute } from './page-route.ts';
import { formOf } from './signing-in.ts';

const MAX_ROWS = 100;

const wantedOf = (form: URLSearchParams): WantedDecision => ({
  kind: form.get('kind') ?? '',
  contractNumber: (form.get('contract') ?? '').trim(),
  reason: form.get('reason') ?? '',
});

const shown = async (
  { context: { db } }: Desk,
  session: Session,
  sent: SentDecision | null,
  isDone = false,
): Promise<HttpResponse> => {
  const [open, decided] = await Promise.all([openExceptions(db, MAX_ROWS), listDecisions(db, MAX_ROWS)]);
  return exceptionsPage(session, { open, decided, limit: MAX_ROWS, sent, isDone });
};

/** What Salesforce would not take of the ad on the next contract, unless the person was warned of that one already. */
const warnings = async (
  { context: { db }, contracts }: Desk,
  which: { id: string; version: number },
  { kind, contractNumber }: WantedDecision,
  warned: string | null,
): Promise<string[]> => {
  const ad = await findAd(db, which.id);
  const isOpen = ad?.version === which.version && ad.outcome === 'EXCEPTION';
  if (!isOpen || kind !== 'NEXT_CONTRACT' || warned === contractNumber) return [];
  return warningsOf({ wanted: { ...ad, contractNumber }, contract: await contractOf(contracts, contractNumber) });
};

export const exceptionRoutes = (desk: Desk): Record<string, PageRoute> => ({
  'GET /exceptions': ({ query }, session) => shown(desk, session, null, query.has('done')),
  'POST /exceptions/:id': async (request, session) => {
    const form = formOf(request, session);
    if (session.role !== 'supervisor')
      throw new RequestError(403, 'NOT_YOURS', 'supervisors decide on exceptions; ask one of them');
    const which = { id: idOf(request.params.id!), version: versionOf(form) };
    const wanted = wantedOf(form);
    const again = (problems: BadForm['problems'], found: string[]): Promise<HttpResponse> =>
      shown(desk, session, { adId: which.id, wanted, problems, warnings: found });
    const found = await warnings(desk, which, wanted, form.get('warned'));
    if (found.length > 0) return again([], found);
    try {
      await decide(desk.context, which, wanted, session.name);
    } catch (error) {
      if (!(error instanceof BadForm)) throw error;
      return again(error.problems, []);
    }
    desk.onQueued();
    return seeOther('/exceptions?done');
  },
});
