import type { HttpResponse } from 'kernel/http.ts';
import { countedText } from '../../shared/sql/count-along.ts';
import type { FieldProblem, Wanted } from '../booking.ts';
import type { Contract } from '../contracts.ts';
import type { Ad, ReportState, ShownAd, ShownChange } from '../db/ads.ts';
import type { QueueState } from '../db/reports.ts';
import type { Session } from '../db/people.ts';
import { html, type Html } from './html.ts';
import { formToken, page, problemList, table, timeOf } from './page.ts';

/** Rows of products that a form has beyond those that are filled. */
const SPARE_USES = 2;

/** Of an ad that waits: what is known of its report. */
const detailOf = (report: ReportState | null): string => {
  if (report?.state === 'taken') return ': sent, and Salesforce has not answered yet';
  return report !== null && report.attempts > 0
    ? `: not taken ${report.attempts === 1 ? 'once' : `${report.attempts} times`}, and sent again by itself`
    : '';
};

/** Where an ad stands whose outcome is not known. */
const waitingState = (report: ReportState | null): Html =>
  report?.state === 'rejected'
    ? html`<span class="state-bad">cannot be reported as it is</span>: ${report.error}`
    : html`waits to be reported${detailOf(report)}`;

/** Where the report of an ad stands, in words for people. */
export const stateOf = ({ outcome, errorCode, error, cancelled, report }: ShownAd): Html => {
  switch (outcome) {
    case null:
      return waitingState(report);
    case 'APPLIED':
    case 'IGNORED':
      // what was decided in Salesforce comes by itself, and with it a version that carries it out
      return errorCode === 'DECIDED'
        ? html`<span class="state-bad">not entered</span>: ${error}`
        : html`<span class="state-good">${cancelled ? 'cancelled in Salesforce' : 'in Salesforce'}</span>`;
    case 'EXCEPTION':
      return html`<a class="state-bad" href="/exceptions">waits for a decision</a>: ${error ?? errorCode}`;
    case 'REFUSED':
      return html`<span class="state-bad">refused</span>: ${error ?? errorCode}`;
  }
};

/** What an ad uses, in words. */
export const used = ({ uses }: Pick<Ad, 'uses'>): string =>
  uses.map(({ productNumber, units }) => `${units} × ${productNumber}`).join(', ');

export const adTable = (ads: readonly ShownAd[]): Html =>
  ads.length === 0
    ? html`<p>None.</p>`
    : table(
        ['Ad', 'Contract', 'Uses', 'Report'].map((label) => ({ label })),
        ads.map(
          (ad) =>
            html`<tr>
              <td><a href="/ads/${ad.id}">${ad.title}</a>${ad.cancelled && ' (cancelled)'}</td>
              <td>${ad.contractNumber}</td>
              <td>${used(ad)}</td>
              <td>${stateOf(ad)}</td>
            </tr>`,
        ),
        'Ads',
      );

export const adsPage = (session: Session, ads: ShownAd[], more: string | null): HttpResponse =>
  page({
    title: 'Ads',
    session,
    place: '/ads',
    body: html`<p><a href="/ads/new">Book an ad</a></p>
      ${adTable(ads)} ${more !== null && html`<p><a href="/ads?after=${more}">More</a></p>`}`,
  });

/** What a form shows: what was sent, or what is saved. */
export interface AdForm {
  wanted: Wanted;
  problems: readonly FieldProblem[];
  /** What Salesforce says of the contract, or why it says nothing; null: not asked. */
  contract: Contract | string | null;
}

const useFields = ({ wanted, contract }: AdForm): Html => {
  const rows = [...wanted.uses, ...Array.from({ length: SPARE_USES }, () => ({ productNumber: '', units: '' }))];
  const known = contract !== null && typeof contract === 'object' ? contract.lines : [];
  return html`<datalist id="products">
      ${known.map((line) => html`<option value="${line.productNumber}">${line.productName}, ${line.available} available</option>`)}
    </datalist>
    <fieldset>
      <legend>Products</legend>
      ${rows.map(
        ({ productNumber, units }, at) =>
          html`<div class="uses">
            <div>
              <label for="product-${at}">Product number ${at + 1}</label>
              <input id="product-${at}" name="product" list="products" value="${productNumber}" />
            </div>
            <div>
              <label for="units-${at}">Units ${at + 1}</label>
              <input id="units-${at}" name="units" inputmode="decimal" value="${units}" />
            </div>
          </div>`,
      )}
      <p class="hint">Empty rows are left out. Units may have three digits behind the point.</p>
    </fieldset>`;
};

/** What Salesforce would not take of a form as the contract is now. It may be saved all the same: the contract may change first. */
export const warningsOf = ({ wanted, contract }: Pick<AdForm, 'wanted' | 'contract'>): string[] => {
  if (wanted.contractNumber === '' || typeof contract === 'string') return [];
  if (contract === null)
    return [`Salesforce has no contract ${wanted.contractNumber}: what is booked on it waits for a decision.`];
  const products = new Set(contract.lines.map(({ productNumber }) => productNumber));
  return [
    ...(contract.fulfilled ? ['This contract is fulfilled: what is booked on it now waits for a decision.'] : []),
    ...(contract.currency !== '' && wanted.currency !== '' && wanted.currency !== contract.currency
      ? [`The contract is in ${contract.currency}, the ad in ${wanted.currency}.`]
      : []),
    ...wanted.uses
      .filter(({ productNumber }) => productNumber !== '' && !products.has(productNumber))
      .map(({ productNumber }) => `The contract has no line of product ${productNumber}.`),
  ];
};

const fields = (form: AdForm): Html =>
  html`<label for="title">Title</label> <input id="title" name="title" required value="${form.wanted.title}" />
    <label for="contract">Contract number</label>
    <input id="contract" name="contract" required value="${form.wanted.contractNumber}" />
    ${
      typeof form.contract === 'string' &&
      html`<p class="hint">Salesforce cannot be reached, so this number is not checked now: ${form.contract}</p>`
    }
    ${warningsOf(form).map((warning) => html`<p class="hint">${warning}</p>`)}
    <label for="currency">Currency</label>
    <input id="currency" name="currency" required size="4" maxlength="3" value="${form.wanted.currency}" />
    ${useFields(form)}`;

/** `id`: the new ad's, so that a form that is sent twice books once. */
export const newAdPage = (session: Session, id: string, form: AdForm): HttpResponse =>
  page({
    title: 'Book an ad',
    session,
    place: '/ads',
    status: form.problems.length > 0 ? 422 : 200,
    body: html`${form.problems.length > 0 && problemList(form.problems)}
      <form method="post" action="/ads">
        ${formToken(session)}<input type="hidden" name="id" value="${id}" />${fields(form)}
        <button>Book</button>
      </form>`,
  });

/** What somebody has just done with an ad, as the address of its page tells. */
const DONE = {
  booked: 'The ad is booked. It is reported to Salesforce by itself.',
  saved: 'The ad is saved. The change is reported to Salesforce by itself.',
  cancelled: 'The ad is cancelled. That is reported to Salesforce by itself.',
  queued: 'The ad is reported once more, by itself.',
};

export type Done = keyof typeof DONE;

const doneNotice = (done: string | null): Html | false =>
  done !== null && Object.hasOwn(DONE, done) && html`<p class="notice" role="status">${DONE[done as Done]}</p>`;

/** Who did what with an ad. */
const history = (changes: readonly ShownChange[]): Html =>
  html`<h2>History</h2>
    ${table(
      [
        { label: 'Version', isNumber: true },
        ...['What', 'Contract', 'Uses', 'Who', 'When'].map((label) => ({ label })),
      ],
      changes.map(
        ({ version, what, contractNumber, cancelled, by, at, ...change }) =>
          html`<tr>
            <td class="number">${version}</td>
            <td>${what}</td>
            <td>${contractNumber}</td>
            <td>${cancelled ? 'nothing' : used(change)}</td>
            <td>${by}</td>
            <td>${timeOf(at)}</td>
          </tr>`,
      ),
      'History',
    )}`;

/** `done`: what somebody has just done with it; `changes`: the latest versions. */
export const adPage = (
  session: Session,
  ad: ShownAd,
  form: AdForm,
  { done = null, changes }: { done?: string | null; changes: readonly ShownChange[] },
): HttpResponse =>
  page({
    title: ad.title,
    session,
    place: '/ads',
    status: form.problems.length > 0 ? 422 : 200,
    body: html`${doneNotice(done)}
      <p>Version ${ad.version}, ${stateOf(ad)}</p>
      ${form.problems.length > 0 && problemList(form.problems)}
      ${
        ad.cancelled
          ? html`<p>This ad is cancelled. It used ${used(ad)} of contract ${ad.contractNumber}.</p>`
          : changeForms(session, ad, form)
      }
      ${
        ad.outcome !== null &&
        ad.outcome !== 'APPLIED' &&
        html`<form method="post" action="/ads/${ad.id}/report">
          ${formToken(session)}<button>Report it once more</button>
        </form>`
      }
      ${history(changes)}`,
  });

const changeForms = (session: Session, ad: ShownAd, form: AdForm): Html =>
  html`<form method="post" action="/ads/${ad.id}">
      ${formToken(session)}<input type="hidden" name="version" value="${ad.version}" />${fields(form)}
      <button>Save</button>
      <p class="hint">With another contract number the ad moves there.</p>
    </form>
    <form method="post" action="/ads/${ad.id}/cancel">
      ${formToken(session)}<input type="hidden" name="version" value="${ad.version}" />
      <button>Cancel the ad</button>
      <p class="hint">What it used is free again. A cancelled ad cannot be changed any more.</p>
    </form>`;

export const queuePage = (session: Session, state: QueueState, trouble: readonly ShownAd[]): HttpResponse =>
  page({
    title: 'Queue',
    session,
    place: '/queue',
    body: html`<dl>
        <dt>Wait to be sent</dt>
        <dd>
          ${countedText(state.queued)}${state.oldest !== null && html`, the oldest since ${timeOf(state.oldest)}`}
        </dd>
        <dt>Sent, wait for Salesforce</dt>
        <dd>${countedText(state.taken)}</dd>
        <dt>Cannot be sent as they are</dt>
        <dd>${countedText(state.rejected)}</dd>
      </dl>
      <h2>Somebody has to look</h2>
      <p>Supervisors decide on what Salesforce could not enter: <a href="/exceptions">Exceptions</a>.</p>
      ${adTable(trouble)}`,
  });
