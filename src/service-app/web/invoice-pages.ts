import type { HttpResponse } from 'kernel/http.ts';
import type { ContractSeal } from '../db/seals.ts';
import type { MadeInvoice } from '../db/invoices.ts';
import type { Session } from '../db/people.ts';
import { basisOf } from '../invoices/basis.ts';
import { invoiceOf, type Invoice } from '../invoices/invoice.ts';
import type { Verdict } from '../invoices/verify.ts';
import { html, type Html } from './html.ts';
import { formToken, page, table } from './page.ts';

const PLACE = '/invoices';
const isAgreed = ({ own, digest }: ContractSeal): boolean => own.digest === digest;

export const invoicesPage = (session: Session, seals: readonly ContractSeal[], most: number): HttpResponse =>
  page({
    title: 'Invoices',
    session,
    place: PLACE,
    body:
      seals.length === 0
        ? html`<p>No contract is fulfilled yet.</p>`
        : html`${table(
            [{ label: 'Contract' }, { label: 'Fulfilled' }, { label: 'Units', isNumber: true }, { label: 'Seal' }],
            seals.map(
              (seal) =>
                html`<tr>
                  <td><a href="/invoices/${encodeURIComponent(seal.contractNumber)}">${seal.contractNumber}</a></td>
                  <td>${seal.sealedAt.toISOString().slice(0, 10)}</td>
                  <td class="number">${seal.units}</td>
                  <td>
                    ${
                      isAgreed(seal)
                        ? html`<span class="state-good">agrees with the bookings here</span>`
                        : html`<span class="state-bad">differs from the bookings here</span>`
                    }
                  </td>
                </tr>`,
            ),
            'Invoices',
          )}
          ${seals.length === most && html`<p>The latest ${most}.</p>`}`,
  });

/** What a page of an invoice shows beside the seal. */
export interface Shown {
  seal: ContractSeal | null;
  /** What the sides say now, or why they say nothing. */
  verdict: Verdict | { away: string };
  made: readonly MadeInvoice[];
  /** What came of making it just now. */
  news: string | null;
}

const problemsOf = (verdict: Shown['verdict']): Html | false => {
  if ('away' in verdict)
    return html`<p class="notice bad" role="alert">The seal cannot be checked now. ${verdict.away}</p>`;
  if (verdict.agrees)
    return html`<p class="notice">Salesforce, the middle layer and the bookings here agree on what was used.</p>`;
  return html`<div class="notice bad" role="alert">
    <p>No invoice can be made of this contract now:</p>
    <ul>
      ${verdict.problems.map((problem) => html`<li>${problem}</li>`)}
    </ul>
  </div>`;
};

/** What a person does where this application alone has lost bookings. */
const takingOver = (session: Session, contractNumber: string, { lost }: { lost: string[] }): Html =>
  html`<h2>What to do</h2>
    <p>
      Salesforce and the middle layer still have what was sealed. Bookings that are missing here, or are others here:
      ${String(lost.length)}. That is so where the database of this application was put back to an earlier state, or is
      new. They can be taken over from Salesforce; the history of each ad says who did it.
    </p>
    ${
      session.role === 'supervisor'
        ? html`<form method="post" action="/invoices/${encodeURIComponent(contractNumber)}/take-over">
            ${formToken(session)}<button>Take the bookings over from Salesforce</button>
          </form>`
        : html`<p class="hint">A supervisor can do that.</p>`
    }`;

const linesOf = ({ lines, total, currency }: Invoice): Html =>
  table(
    [
      { label: 'Product' },
      ...['Units', `Price (${currency})`, `Amount (${currency})`].map((label) => ({ label, isNumber: true })),
    ],
    [
      ...lines.map(
        ({ productNumber, productName, units, unitPrice, amount }) =>
          html`<tr>
            <td>${productName} <small>${productNumber}</small></td>
            ${[units, unitPrice, amount].map((value) => html`<td class="number">${value}</td>`)}
          </tr>`,
      ),
      html`<tr>
        <th scope="row" colspan="3">Total</th>
        <td class="number">${total}</td>
      </tr>`,
    ],
    'Amounts',
  );

const files = (contractNumber: string, made: readonly MadeInvoice[]): Html =>
  html`<h2>Files</h2>
    <ul>
      ${made.map(
        ({ format, sha256, madeAt, madeBy }) =>
          html`<li>
            <a href="/invoices/${encodeURIComponent(contractNumber)}/${format}">${format.toUpperCase()}</a>, first made
            ${madeAt.toISOString()} by ${madeBy}, SHA-256 <code>${sha256}</code>
          </li>`,
      )}
    </ul>`;

export const invoicePage = (session: Session, contractNumber: string, shown: Shown): HttpResponse => {
  const { seal, verdict, made, news } = shown;
  const basis = seal && basisOf(seal.basis);
  const mayMake = session.role === 'supervisor' && 'agrees' in verdict && verdict.agrees;
  return page({
    title: `Invoice of contract ${contractNumber}`,
    session,
    place: PLACE,
    body: html`${news !== null && html`<p class="notice" role="status">${news}</p>`} ${problemsOf(verdict)}
    ${!('away' in verdict) && !verdict.agrees && verdict.lost.length > 0 && takingOver(session, contractNumber, verdict)}
    ${basis && [html`<p>${basis.account.name}</p>`, linesOf(invoiceOf(basis))]}
    ${
      mayMake &&
      html`<form method="post" action="/invoices/${encodeURIComponent(contractNumber)}">
        ${formToken(session)}<button>${made.length === 0 ? 'Make the invoice' : 'Make it again and compare'}</button>
      </form>`
    }
    ${session.role === 'booker' && html`<p class="hint">Supervisors make invoices.</p>`}
    ${made.length > 0 && files(contractNumber, made)}`,
  });
};
