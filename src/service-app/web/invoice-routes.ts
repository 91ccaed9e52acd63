/** The pages of invoices. */
import type { HttpResponse } from 'kernel/http.ts';
import { RequestError } from '../../shared/router.ts';
import { SalesforceAway, type Contracts } from '../contracts.ts';
import type { Context } from '../context.ts';
import { invoiceBytes, madeInvoices } from '../db/invoices.ts';
import type { Session } from '../db/people.ts';
import { findSeal, listSeals } from '../db/seals.ts';
import { MiddleLayerAway, type AuditedSeals } from '../invoices/audited-seals.ts';
import { CONTENT_TYPES, isFormat } from '../invoices/formats.ts';
import { makeInvoice, type Made } from '../invoices/make.ts';
import { verifySeal } from '../invoices/verify.ts';
import { takeOver, type TakenOver } from '../taking-over.ts';
import { invoicePage, invoicesPage, type Shown } from './invoice-pages.ts';
import { formOf } from './signing-in.ts';
import type { PageRoute } from './page-route.ts';

const MAX_ROWS = 100;

/** What invoices are made with. */
interface Counter {
  context: Context;
  contracts: Contracts;
  audited: AuditedSeals;
}

/** That a side is away is an answer too. */
const orAway = async <T>(ask: Promise<T>): Promise<T | { away: string }> => {
  try {
    return await ask;
  } catch (error) {
    if (error instanceof SalesforceAway) return { away: `Salesforce cannot be reached. ${error.message}` };
    if (error instanceof MiddleLayerAway) return { away: error.message };
    throw error;
  }
};

const shownOf = async (counter: Counter, contractNumber: string, news: string | null): Promise<Shown> => {
  const { db } = counter.context;
  const [seal, verdict, made] = await Promise.all([
    findSeal(db, contractNumber),
    orAway(verifySeal(counter.context, counter, contractNumber)),
    madeInvoices(db, contractNumber),
  ]);
  return { seal, verdict, made, news };
};

const NEWS: Record<'made' | 'madeAgain', string> = {
  made: 'The invoice is made.',
  madeAgain: 'Made again, the invoice is byte-identical in every format.',
};

const afterMaking = async (
  counter: Counter,
  session: Session,
  number: string,
  made: Made | { away: string },
): Promise<HttpResponse> => {
  if ('away' in made) return invoicePage(session, number, await shownOf(counter, number, null));
  if (made.is !== 'refused') return invoicePage(session, number, await shownOf(counter, number, NEWS[made.is]));
  const shown = await shownOf(counter, number, null);
  return invoicePage(session, number, { ...shown, verdict: { agrees: false, problems: made.problems, lost: [] } });
};

const newsOf = (taken: TakenOver | { away: string }): string | null => {
  if ('away' in taken || taken.is === 'refused') return null;
  return taken.ads === 0
    ? 'Nothing was taken over: there is nothing that is missing here and stands in Salesforce.'
    : `Ads that were taken over from Salesforce: ${taken.ads}.`;
};

export const invoiceRoutes = (counter: Counter): Record<string, PageRoute> => ({
  'GET /invoices': async (_request, session) =>
    invoicesPage(session, await listSeals(counter.context.db, MAX_ROWS), MAX_ROWS),
  'GET /invoices/:number': async ({ params }, session) =>
    invoicePage(session, params.number!, await shownOf(counter, params.number!, null)),
  'POST /invoices/:number': async (request, session) => {
    formOf(request, session);
    if (session.role !== 'supervisor')
      throw new RequestError(403, 'NOT_YOURS', 'supervisors make invoices; ask one of them');
    const number = request.params.number!;
    const made = await orAway(makeInvoice(counter.context, counter, number, session.name));
    return afterMaking(counter, session, number, made);
  },
  'POST /invoices/:number/take-over': async (request, session) => {
    formOf(request, session);
    if (session.role !== 'supervisor')
      throw new RequestError(403, 'NOT_YOURS', 'supervisors take bookings over; ask one of them');
    const number = request.params.number!;
    const taken = await orAway(takeOver(counter.context, counter, number, session.name));
    return invoicePage(session, number, await shownOf(counter, number, newsOf(taken)));
  },
  'GET /invoices/:number/:format': async ({ params }) => {
    const { number = '', format = '' } = params;
    const bytes = isFormat(format) ? await invoiceBytes(counter.context.db, number, format) : null;
    if (!isFormat(format) || bytes === null)
      throw new RequestError(404, 'NOT_FOUND', `no ${format} of the invoice of contract ${number} was made yet`);
    return {
      status: 200,
      headers: {
        'content-type': CONTENT_TYPES[format],
        'content-disposition': `attachment; filename="INV-${number.replaceAll(/[^\w.-]/g, '_')}.${format}"`,
        'x-content-type-options': 'nosniff',
        'cache-control': 'no-store',
      },
      body: '',
      bytes,
    };
  },
});
