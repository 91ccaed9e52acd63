/** The page of what Salesforce could not enter: what waits for a decision, and what was decided. */
import type { HttpResponse } from 'kernel/http.ts';
import { MAX_DECISION_REASON } from '../../shared/usage-messages.ts';
import type { FieldProblem } from '../booking.ts';
import type { OpenException } from '../db/ads.ts';
import type { ShownDecision } from '../db/decisions.ts';
import type { Session } from '../db/people.ts';
import { DECISION_NAMES, type WantedDecision } from '../decisions.ts';
import { used } from './ad-pages.ts';
import { html, type Html } from './html.ts';
import { formToken, page, problemList, table, timeOf } from './page.ts';

/** A form that was sent and is shown once more. */
export interface SentDecision {
  adId: string;
  wanted: WantedDecision;
  problems: readonly FieldProblem[];
  /** What Salesforce would not take of the next contract as it is now. */
  warnings: readonly string[];
}

export interface ExceptionsPage {
  open: readonly OpenException[];
  decided: readonly ShownDecision[];
  /** Rows of each; there may be more. */
  limit: number;
  sent: SentDecision | null;
  /** Whether a decision was just saved. */
  isDone: boolean;
}

const EXPLAINED: Record<keyof typeof DECISION_NAMES, string> = {
  NEXT_CONTRACT: 'the ad moves there',
  CREDIT: 'it is not charged',
  DROP: 'it comes to nothing',
};

const why = ({ errorCode, error }: Pick<OpenException, 'errorCode' | 'error'>): Html =>
  html`${errorCode}${error !== null && `: ${error}`}`;

/** The contract that was warned of, so that the same form goes through when it is sent again. */
const warningsOf = ({ warnings, wanted }: SentDecision): Html | false =>
  warnings.length > 0 &&
  html`<div class="notice bad" role="alert">
      <p>Nothing was saved yet. Decide once more if that is meant:</p>
      <ul>
        ${warnings.map((warning) => html`<li>${warning}</li>`)}
      </ul>
    </div>
    <input type="hidden" name="warned" value="${wanted.contractNumber}" />`;

const decisionForm = (session: Session, { id, version, cancelled }: OpenException, sent: SentDecision | null): Html => {
  const wanted = sent?.wanted ?? { kind: '', contractNumber: '', reason: '' };
  const kinds = Object.entries(DECISION_NAMES).filter(([kind]) => kind !== 'NEXT_CONTRACT' || !cancelled);
  return html`<form method="post" action="/exceptions/${id}">
    ${formToken(session)}<input type="hidden" name="version" value="${version}" />
    ${sent !== null && sent.problems.length > 0 && problemList(sent.problems)} ${sent !== null && warningsOf(sent)}
    <fieldset>
      <legend>Decision</legend>
      ${kinds.map(
        ([kind, name]) =>
          html`<label class="choice">
            <input type="radio" name="kind" value="${kind}" required ${kind === wanted.kind && 'checked'} />
            ${name}: ${EXPLAINED[kind as keyof typeof EXPLAINED]}
          </label>`,
      )}
      ${
        !cancelled &&
        html`<label for="contract-${id}">Number of the next contract</label>
          <input id="contract-${id}" name="contract" value="${wanted.contractNumber}" />`
      }
      <label for="reason-${id}">Reason</label>
      <input id="reason-${id}" name="reason" size="50" maxlength="${MAX_DECISION_REASON}" value="${wanted.reason}" />
      <p class="hint">A credit and a drop need a reason. A decision stays.</p>
    </fieldset>
    <button>Decide</button>
  </form>`;
};

const openOne = (session: Session, ad: OpenException, sent: SentDecision | null): Html =>
  html`<section aria-labelledby="ad-${ad.id}">
    <h3 id="ad-${ad.id}"><a href="/ads/${ad.id}">${ad.title}</a>${ad.cancelled && ' (cancelled)'}</h3>
    <p>${used(ad)} of contract ${ad.contractNumber}, since ${timeOf(ad.since)}</p>
    <p><span class="state-bad">Not entered</span>: ${why(ad)}</p>
    ${session.role === 'supervisor' && decisionForm(session, ad, sent)}
  </section>`;

const becameOf = ({ outcome }: ShownDecision): string => {
  switch (outcome) {
    case null:
      return 'waits to be reported';
    case 'APPLIED':
    case 'IGNORED':
      return 'in Salesforce';
    case 'EXCEPTION':
      return 'could not be entered either';
    case 'REFUSED':
      return 'refused by Salesforce';
  }
};

const setAsideOf = ({ setAside }: ShownDecision): string | false =>
  setAside !== null && `; set aside: ${DECISION_NAMES[setAside.kind]} by ${setAside.by}`;

const decidedTable = (decided: readonly ShownDecision[]): Html =>
  decided.length === 0
    ? html`<p>None.</p>`
    : table(
        ['Ad', 'Contract', 'Uses', 'Why', 'Decision', 'By', 'Report'].map((label) => ({ label })),
        decided.map(
          (one) =>
            html`<tr>
              <td><a href="/ads/${one.adId}">${one.title}</a></td>
              <td>${one.contractNumber}</td>
              <td>${used(one)}</td>
              <td>${why(one)}</td>
              <td>
                ${DECISION_NAMES[one.kind]}${one.kind === 'NEXT_CONTRACT' && ` ${one.nextContractNumber}`}${one.reason !== null && `: ${one.reason}`}
              </td>
              <td>${one.by}${one.inSalesforce && ' in Salesforce'}, ${timeOf(one.at)}${setAsideOf(one)}</td>
              <td>${becameOf(one)}</td>
            </tr>`,
        ),
        'Decided',
      );

const bounded = (rows: readonly unknown[], limit: number, which: string): Html | false =>
  rows.length === limit && html`<p class="hint">The ${which} ${limit} are shown.</p>`;

export const exceptionsPage = (
  session: Session,
  { open, decided, limit, sent, isDone }: ExceptionsPage,
): HttpResponse =>
  page({
    title: 'Exceptions',
    session,
    place: '/exceptions',
    status: sent === null ? 200 : 422,
    body: html`${isDone && html`<p class="notice" role="status">The decision is saved. It is reported to Salesforce by itself.</p>`}
      <h2>Wait for a decision</h2>
      ${session.role !== 'supervisor' && html`<p>Supervisors decide.</p>`} ${open.length === 0 && html`<p>None.</p>`}
      ${open.map((ad) => openOne(session, ad, sent?.adId === ad.id ? sent : null))} ${bounded(open, limit, 'oldest')}
      <h2>Decided</h2>
      ${decidedTable(decided)} ${bounded(decided, limit, 'latest')}`,
  });
