/** The pages, and who may ask for them. */
import { randomUuid } from 'kernel/random.ts';
import type { HttpRequest, HttpResponse } from 'kernel/http.ts';
import { RequestError, type RoutedRequest, type Routes } from '../../shared/router.ts';
import { isDatabaseUnavailable } from '../../shared/sql/errors.ts';
import { BadForm, bookAd, cancelAd, changeAd, reportAgain, type Wanted } from '../booking.ts';
import type { Context } from '../context.ts';
import type { Contracts } from '../contracts.ts';
import { adsInTrouble, findAd, listAds, listChanges, type Ad, type ShownAd } from '../db/ads.ts';
import type { Session } from '../db/people.ts';
import { queueState } from '../db/reports.ts';
import { adPage, adsPage, newAdPage, queuePage, type Done } from './ad-pages.ts';
import { contractPage, contractsPage } from './contract-pages.ts';
import type { Desk } from './desk.ts';
import { exceptionRoutes } from './exception-routes.ts';
import type { AuditedSeals } from '../invoices/audited-seals.ts';
import { idOf, versionOf } from './forms.ts';
import { html } from './html.ts';
import { invoiceRoutes } from './invoice-routes.ts';
import { contractOf, live } from './live.ts';
import { page, seeOther } from './page.ts';
import type { PageRoute } from './page-route.ts';
import { formOf, type SigningIn } from './signing-in.ts';

/** Rows on one page. */
const MAX_ROWS = 100;
/** Versions of an ad that its page tells of. */
const MAX_CHANGES = 50;

const problemPage = (session: Session | null, status: number, message: string): HttpResponse =>
  page({ title: 'That did not work', session, status, body: html`<p class="notice bad" role="alert">${message}</p>` });

const wordsOf = (error: unknown): { status: number; message: string } => {
  if (error instanceof RequestError) return { status: error.status, message: error.message };
  if (!isDatabaseUnavailable(error)) throw error;
  return { status: 503, message: 'The database is away. Nothing is lost; try again in a moment.' };
};

const wantedOf = (form: URLSearchParams): Wanted => {
  const units = form.getAll('units');
  return {
    title: form.get('title') ?? '',
    contractNumber: form.get('contract') ?? '',
    currency: form.get('currency') ?? '',
    uses: form.getAll('product').map((productNumber, at) => ({ productNumber, units: units[at] ?? '' })),
  };
};

const wantedAs = ({ title, contractNumber, currency, uses }: Ad): Wanted => ({ title, contractNumber, currency, uses });

/** To the page of an ad, which says what was done. */
const toAd = (id: string, done: Done): HttpResponse => seeOther(`/ads/${id}?done=${done}`);

/** Saves a form, or shows it once more with what was written into it. */
const saved = async (
  { onQueued }: Desk,
  save: () => Promise<Ad>,
  done: Done,
  again: (problems: BadForm['problems']) => Promise<HttpResponse>,
): Promise<HttpResponse> => {
  try {
    const { id } = await save();
    onQueued();
    return toAd(id, done);
  } catch (error) {
    if (error instanceof BadForm) return again(error.problems);
    throw error;
  }
};

const foundAd = async ({ context }: Desk, id: string): Promise<ShownAd> => {
  const ad = await findAd(context.db, idOf(id));
  if (!ad) throw new RequestError(404, 'NOT_FOUND', 'there is no such ad');
  return ad;
};

const contractRoutes = ({ context: { db, clock }, contracts }: Desk): Record<string, PageRoute> => ({
  'GET /': async ({ query }, session) => {
    const text = (query.get('text') ?? '').trim();
    return contractsPage(session, text, await live(contracts.search(text, MAX_ROWS)), MAX_ROWS);
  },
  'GET /contracts/:number': async ({ params }, session) => {
    const number = params.number!;
    const [found, ads] = await Promise.all([live(contracts.read(number)), listAds(db, number, '', MAX_ROWS)]);
    const beside = { ads, now: clock.now() };
    if (found.is === 'away') return contractPage(session, number, found, beside);
    if (found.value === null)
      throw new RequestError(404, 'NOT_FOUND', `Salesforce has no contract ${number} that this application may read`);
    return contractPage(session, number, { is: 'read', value: found.value }, beside);
  },
});

const shownAdRoutes = (desk: Desk): Record<string, PageRoute> => ({
  'GET /ads': async ({ query }, session) => {
    const ads = await listAds(desk.context.db, null, query.get('after') ?? '', MAX_ROWS);
    return adsPage(session, ads, ads.length === MAX_ROWS ? ads.at(-1)!.id : null);
  },
  'GET /ads/new': async ({ query }, session) => {
    const contractNumber = (query.get('contract') ?? '').trim();
    const contract = await contractOf(desk.contracts, contractNumber);
    const currency = contract !== null && typeof contract === 'object' ? contract.currency : '';
    const wanted = { title: '', contractNumber, currency, uses: [] };
    return newAdPage(session, randomUuid(desk.context.random), { wanted, problems: [], contract });
  },
  'GET /ads/:id': async ({ params, query }, session) => {
    const ad = await foundAd(desk, params.id!);
    const contract = await contractOf(desk.contracts, ad.contractNumber);
    const changes = await listChanges(desk.context.db, ad.id, MAX_CHANGES);
    return adPage(session, ad, { wanted: wantedAs(ad), problems: [], contract }, { done: query.get('done'), changes });
  },
  'GET /queue': async (_request, session) => {
    const { db } = desk.context;
    return queuePage(session, await queueState(db), await adsInTrouble(db, MAX_ROWS));
  },
});

const changedAdRoutes = (desk: Desk): Record<string, PageRoute> => ({
  'POST /ads': async (request, session) => {
    const form = formOf(request, session);
    const id = idOf(form.get('id'));
    const wanted = wantedOf(form);
    return saved(
      desk,
      () => bookAd(desk.context, id, wanted, session.name),
      'booked',
      async (problems) =>
        newAdPage(session, id, {
          wanted,
          problems,
          contract: await contractOf(desk.contracts, wanted.contractNumber.trim()),
        }),
    );
  },
  'POST /ads/:id': async (request, session) => {
    const form = formOf(request, session);
    const ad = await foundAd(desk, request.params.id!);
    const wanted = wantedOf(form);
    return saved(
      desk,
      () => changeAd(desk.context, { id: ad.id, version: versionOf(form) }, wanted, session.name),
      'saved',
      async (problems) => {
        const contract = await contractOf(desk.contracts, wanted.contractNumber.trim());
        const changes = await listChanges(desk.context.db, ad.id, MAX_CHANGES);
        return adPage(session, ad, { wanted, problems, contract }, { changes });
      },
    );
  },
  'POST /ads/:id/cancel': async (request, session) => {
    const form = formOf(request, session);
    const id = idOf(request.params.id!);
    await cancelAd(desk.context, { id, version: versionOf(form) }, session.name);
    desk.onQueued();
    return toAd(id, 'cancelled');
  },
  'POST /ads/:id/report': async (request, session) => {
    formOf(request, session);
    const id = idOf(request.params.id!);
    await reportAgain(desk.context, id);
    desk.onQueued();
    return toAd(id, 'queued');
  },
});

/** For those who are signed in; what goes wrong is a page too. */
const signedIn =
  (people: SigningIn, route: PageRoute) =>
  async (request: RoutedRequest): Promise<HttpResponse> => {
    let session: Session | null = null;
    try {
      session = await people.sessionOf(request);
      if (session === null) return seeOther(request.method === 'POST' ? '/sign-in?ended' : '/sign-in');
      return await route(request, session);
    } catch (error) {
      const { status, message } = wordsOf(error);
      return problemPage(session, status, message);
    }
  };

/** What the pages ask of others. */
export interface Sides {
  /** Salesforce, read live. */
  contracts: Contracts;
  /** The middle layer. */
  audited: AuditedSeals;
}

export const pageRoutes = (
  context: Context,
  { contracts, audited }: Sides,
  people: SigningIn,
  onQueued: () => void,
): Routes => {
  const desk: Desk = { context, contracts, onQueued };
  const pages = {
    ...contractRoutes(desk),
    ...shownAdRoutes(desk),
    ...changedAdRoutes(desk),
    ...exceptionRoutes(desk),
    ...invoiceRoutes({ context, contracts, audited }),
  };
  return {
    'GET /sign-in': ({ query }: RoutedRequest) => people.show(query.has('ended')),
    'POST /sign-in': (request: HttpRequest) => people.signIn(request),
    'POST /sign-out': (request: HttpRequest) => people.signOut(request),
    ...Object.fromEntries(Object.entries(pages).map(([name, route]) => [name, signedIn(people, route)])),
  };
};
