import type { HttpResponse } from 'kernel/http.ts';
import { isStuck, type SealProgress } from '../../shared/seal-progress.ts';
import type { Contract, ContractHead } from '../contracts.ts';
import type { ShownAd } from '../db/ads.ts';
import type { Session } from '../db/people.ts';
import { adTable } from './ad-pages.ts';
import { html, type Html } from './html.ts';
import { page, table } from './page.ts';

/** What Salesforce said, or why it said nothing. */
export type Live<T> = { is: 'read'; value: T } | { is: 'away'; message: string };

const away = (message: string): Html =>
  html`<div class="notice bad" role="alert">
    <strong>Salesforce cannot be reached.</strong> ${message} Contracts are not shown until it can. You can book on a
    contract and products whose numbers you know: the ad is saved here and reported as soon as Salesforce answers.
  </div>`;

const bookKnown = html`<form method="get" action="/ads/new">
  <label for="known">Book on a contract by its number</label>
  <input id="known" name="contract" required /> <button>Book</button>
</form>`;

export const contractsPage = (
  session: Session,
  text: string,
  found: Live<ContractHead[]>,
  most: number,
): HttpResponse =>
  page({
    title: 'Contracts',
    session,
    place: '/',
    body: html`<form method="get" action="/" role="search">
        <label for="text">Number or account</label>
        <input id="text" name="text" type="search" value="${text}" /> <button>Search</button>
      </form>
      ${found.is === 'away' ? [away(found.message), bookKnown] : contractTable(found.value, most)}`,
  });

const contractTable = (contracts: ContractHead[], most: number): Html =>
  contracts.length === 0
    ? html`<p>No contract has this number or account.</p>`
    : html`${table(
        ['Contract', 'Account', 'State'].map((label) => ({ label })),
        contracts.map(
          ({ number, account, fulfilled }) =>
            html`<tr>
              <td><a href="/contracts/${encodeURIComponent(number)}">${number}</a></td>
              <td>${account}</td>
              <td>${fulfilled ? 'fulfilled, locked' : 'open'}</td>
            </tr>`,
        ),
        'Contracts',
      )}
      ${contracts.length === most && html`<p>The first ${most}. Search for more of the number or the account.</p>`}`;

/** How far the seal of a contract is. `now`: epoch milliseconds. */
const progress = (sealing: SealProgress, now: number): Html => {
  const { counted, expected, notice } = sealing;
  const words = html`${counted} of ${expected} usage entries are counted for its seal. It can be invoiced when all are.`;
  if (!isStuck(sealing, now)) return html`<p class="notice">It is being sealed: ${words}</p>`;
  return html`<p class="notice bad" role="alert">
    <strong>The sealing does not go on.</strong> ${words} ${notice} Tell an administrator of Salesforce to look at
    Contract Sealings.
  </p>`;
};

const locked = ({ number, sealing }: Contract, now: number): Html =>
  html`<p class="notice">
      This contract is fulfilled and locked. What is booked on it from now on waits for a decision.
      <a href="/invoices/${encodeURIComponent(number)}">Its invoice</a>
    </p>
    ${sealing && progress(sealing, now)}`;

/** `now`: epoch milliseconds. */
export const contractPage = (
  session: Session,
  number: string,
  found: Live<Contract>,
  { ads, now }: { ads: ShownAd[]; now: number },
): HttpResponse =>
  page({
    title: `Contract ${number}`,
    session,
    place: '/',
    body: html`${found.is === 'away' ? away(found.message) : lines(found.value)}
      ${
        found.is === 'read' && found.value.fulfilled
          ? locked(found.value, now)
          : html`<p><a href="/ads/new?contract=${encodeURIComponent(number)}">Book an ad</a></p>`
      }
      <h2>Ads booked here</h2>
      ${adTable(ads)}`,
  });

const lines = ({ account, currency, lines: all }: Contract): Html =>
  html`<p>${account}</p>
    ${table(
      [
        { label: 'Product' },
        ...[`Price (${currency})`, 'Sold', 'Consumed', 'Available'].map((label) => ({ label, isNumber: true })),
      ],
      all.map(
        (line) =>
          html`<tr>
            <td>${line.productName} <small>${line.productNumber}</small></td>
            ${[line.unitPrice, line.sold, line.consumed, line.available].map((value) => html`<td class="number">${value}</td>`)}
          </tr>`,
      ),
      'Lines',
    )}`;
