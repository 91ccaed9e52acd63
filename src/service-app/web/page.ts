import type { HttpResponse } from 'kernel/http.ts';
import type { Session } from '../db/people.ts';
import type { FieldProblem } from '../booking.ts';
import { html, Html, type Piece } from './html.ts';

const STYLE = `
:root { color-scheme: light dark; --line: #8a94a6; --good: #0b5c2f; --bad: #8e1b10; --link: #0b4fb3; --soft: #eef2f8; --page: #fff; --text: #16191f; background: var(--page); color: var(--text); }
@media (prefers-color-scheme: dark) { :root { --good: #7bd6a0; --bad: #ff9c8f; --link: #9cc2ff; --soft: #1d2634; --page: #11151c; --text: #e8ebf0; } }
a { color: var(--link); } :focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
body { background: var(--page); font: 1rem/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 64rem; padding: 0 1rem 3rem; }
header { align-items: baseline; border-bottom: 1px solid var(--line); display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; padding: .75rem 0; }
header form { margin-left: auto; }
nav a[aria-current] { font-weight: 700; text-decoration: none; }
nav { display: flex; flex-wrap: wrap; gap: 1.25rem; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.1rem; margin-top: 2rem; } h3 { font-size: 1rem; }
table { border-collapse: collapse; width: 100%; } th, td { border-bottom: 1px solid var(--line); padding: .35rem .75rem .35rem 0; text-align: left; vertical-align: top; }
@media (max-width: 30rem) { th, td { font-size: .9rem; padding-right: .4rem; } }
td.number, th.number { font-variant-numeric: tabular-nums; text-align: right; }
label { display: block; font-weight: 600; margin-top: .75rem; } fieldset { border: 1px solid var(--line); margin: 1rem 0; min-width: 0; }
input { box-sizing: border-box; font: inherit; max-width: 100%; padding: .35rem .5rem; } input[name=title] { width: 30rem; }
button { font: inherit; margin-top: 1rem; padding: .35rem 1rem; } header button { margin: 0; }
.uses { align-items: end; display: grid; gap: 0 1rem; grid-template-columns: minmax(8rem, 1fr) minmax(6rem, 10rem); max-width: 32rem; }
.notice { background: var(--soft); border-left: .3rem solid var(--line); margin: 1rem 0; padding: .6rem 1rem; }
.bad { border-color: var(--bad); } .state-bad { color: var(--bad); font-weight: 600; } .state-good { color: var(--good); }
.scroll { overflow-x: auto; } code { overflow-wrap: anywhere; } .hint { font-size: .9rem; margin: .25rem 0 0; }
.choice { display: inline-block; font-weight: 400; margin: 0 1.25rem 0 0; }
`;

const PLACES: readonly [path: string, label: string][] = [
  ['/', 'Contracts'],
  ['/ads', 'Ads'],
  ['/queue', 'Queue'],
  ['/exceptions', 'Exceptions'],
  ['/invoices', 'Invoices'],
];

export interface Page {
  title: string;
  /** Null: nobody is signed in. */
  session: Session | null;
  /** Which place of the navigation this is. */
  place?: string;
  body: Html;
  status?: number;
}

/** Nothing but this application's own markup may act on its pages. */
const HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy':
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
  'cache-control': 'no-store',
};

const head = ({ session, place }: Page): Piece =>
  session !== null &&
  html`<header>
    <strong>Ad service</strong>
    <nav aria-label="Places">
      ${PLACES.map(
        ([path, label]) => html`<a href="${path}" ${path === place && html`aria-current="page"`}>${label}</a>`,
      )}
    </nav>
    <form method="post" action="/sign-out">
      ${formToken(session)}<span>${session.name}, ${session.role}</span> <button>Sign out</button>
    </form>
  </header>`;

/** What every form carries. */
export const formToken = ({ formToken }: Session): Html =>
  html`<input type="hidden" name="formToken" value="${formToken}" />`;

export const page = (shown: Page): HttpResponse => ({
  status: shown.status ?? 200,
  headers: HEADERS,
  body: html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${shown.title} · Ad service</title>
        <link rel="icon" href="data:," />
        <style>
          ${new Html(STYLE)}
        </style>
      </head>
      <body>
        ${head(shown)}
        <main>
          <h1>${shown.title}</h1>
          ${shown.body}
        </main>
      </body>
    </html>`.text,
});

/** A time as people read it. */
export const timeOf = (time: Date): Html =>
  html`<time datetime="${time.toISOString()}">${time.toISOString().slice(0, 16).replace('T', ' ')} UTC</time>`;

/** What is wrong with a form, all at once. */
export const problemList = (problems: readonly FieldProblem[]): Html =>
  html`<div class="notice bad" role="alert">
    <p>Nothing was saved yet:</p>
    <ul>
      ${problems.map(({ field, message }) => html`<li>${field} ${message}</li>`)}
    </ul>
  </div>`;

/** A table with a row of headings; those of numbers stand on the right. On a narrow screen it scrolls, by keyboard too. */
export const table = (
  headings: readonly { label: string; isNumber?: boolean }[],
  rows: readonly Html[],
  name: string,
): Html =>
  html`<div class="scroll" role="region" aria-label="${name}" tabindex="0">
    <table>
      <thead>
        <tr>
          ${headings.map(({ label, isNumber = false }) => html`<th scope="col" ${isNumber && html`class="number"`}>${label}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`;

/** To another page, so that a page that is loaded again sends no form again. */
export const seeOther = (path: string, headers: Record<string, string> = {}): HttpResponse => ({
  status: 303,
  headers: { location: path, ...headers },
  body: '',
});
