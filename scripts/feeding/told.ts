/** What runs of feeds did, for people: as text, as a list for programs, as one page. */
import type { FailedRow } from '../../src/feeds/db/rows.ts';
import type { Difference } from '../../src/feeds/differences.ts';
import { proofWords } from '../../src/feeds/proof.ts';
import type { RunOutcome } from '../../src/feeds/run.ts';
import type { Counts } from '../../src/feeds/types.ts';
import { escape } from '../html.ts';

/** A run, with what it would change where it wrote nothing. */
export interface ToldRun {
  company: string;
  feed: string;
  outcome: RunOutcome;
  /** Of a dry or held run: the first rows. */
  differences: Difference[];
  /** Rows that cannot be written: the first ones. */
  refused: FailedRow[];
  /** Paths of its files. */
  files: string[];
}

const WORDS: Record<keyof Counts, string> = {
  read: 'read',
  created: 'created',
  updated: 'updated',
  unchanged: 'unchanged',
  drifted: 'edited or deleted in Salesforce',
  vanished: 'no longer in the view',
  deactivated: 'deactivated',
  waiting: 'waiting',
  failed: 'failed',
  held: 'would be written',
};

const countsText = (counts: Counts): string =>
  (Object.keys(WORDS) as (keyof Counts)[])
    .filter((name) => name === 'read' || counts[name] > 0)
    .map((name) => `${counts[name]} ${WORDS[name]}`)
    .join(', ');

const shown = (value: string | boolean | null): string => (value === null ? '–' : JSON.stringify(value));

const differenceLines = ({ externalId, salesforceId, fields }: Difference): string[] => [
  `  ${salesforceId === null ? 'create' : 'update'} ${externalId}`,
  ...fields.map(({ field, salesforce, view }) => `    ${field}: ${shown(salesforce)} -> ${shown(view)}`),
];

/** What a run says of records that nobody touched: how old its word is, what it read for it, at what cost. */
const auditLines = ({ vouchedSince, audited, proof }: RunOutcome): string[] => [
  ...(proof === null ? [] : [proofWords(proof)]),
  ...(vouchedSince === null ? [] : [`each record was compared at least once since ${vouchedSince.toISOString()}`]),
  ...(audited === null
    ? []
    : [
        `audit: ${audited.records} records by ${audited.through === 'pages' ? 'pages of queries' : 'a query job'}, ${audited.calls} of at most ${audited.maxCalls} API calls; each record once in ${audited.everyDays} days`,
      ]),
];

/** Whether a person would have to decide on what a dry run has planned. */
const wouldBeHeld = ({ status, reasons }: RunOutcome): boolean => status === 'dry run' && reasons.length > 0;

/** What became of a run. A dry run that a person would have to decide on is no good news. */
const statusOf = (outcome: RunOutcome): string => (wouldBeHeld(outcome) ? 'dry run: it would be held' : outcome.status);

/** The runs for a terminal. */
export const renderText = (runs: readonly ToldRun[]): string =>
  runs
    .flatMap(({ company, feed, outcome, differences, refused, files }) => [
      `${company} ${feed}: ${statusOf(outcome)}${outcome.run ? ` (run ${outcome.run.key})` : ''}`,
      ...(outcome.status === 'unusable' || outcome.status === 'busy'
        ? []
        : [
            `  ${countsText(outcome.counts)}; ${outcome.apiCalls} API calls`,
            ...auditLines(outcome).map((line) => `  ${line}`),
          ]),
      ...outcome.findings.map(
        ({ at, message, remedy, isWarning }) => `  ${isWarning ? 'warning' : 'finding'}: ${at}: ${message}; ${remedy}`,
      ),
      ...outcome.reasons.map((reason) => `  ${reason}`),
      ...outcome.keyless.map(({ number, problem }) => `  row ${number}: ${problem.message}; ${problem.remedy}`),
      ...refused.map(({ external_id: id, problem }) => `  refused ${id}: ${problem.message}; ${problem.remedy}`),
      ...differences.flatMap(differenceLines),
      ...(outcome.status === 'held' && outcome.run
        ? [`  release it with --release ${outcome.run.key}, or reject it with --reject ${outcome.run.key}`]
        : []),
      ...files.map((path) => `  ${path}`),
    ])
    .map((line) => `${line}\n`)
    .join('');

/** The runs for programs. */
export const renderJson = (runs: readonly ToldRun[]): string =>
  `${JSON.stringify(
    runs.map(({ company, feed, outcome, differences, refused, files }) => {
      const { run, status, counts, findings, reasons, keyless, apiCalls, vouchedSince, audited, proof } = outcome;
      return {
        company,
        feed,
        run: run?.key ?? null,
        status,
        counts,
        apiCalls,
        vouchedSince,
        audited,
        proof,
        wouldBeHeld: wouldBeHeld(outcome),
        reasons,
        findings,
        keyless,
        refused: refused.map(({ external_id: externalId, problem, refused_since: since, attempts }) => ({
          externalId,
          ...problem,
          since,
          attempts,
        })),
        differences,
        files,
      };
    }),
    null,
    2,
  )}\n`;

const table = (header: string[], rows: readonly (readonly (string | number | boolean | null)[])[]): string =>
  rows.length === 0
    ? ''
    : `<div class="table" tabindex="0" role="region" aria-label="${escape(header.join(', '))}"><table><thead><tr>${header.map((cell) => `<th scope="col">${escape(cell)}</th>`).join('')}</tr></thead>
<tbody>${rows.map((row) => `<tr>${row.map((cell) => `<td>${escape(cell)}</td>`).join('')}</tr>`).join('\n')}</tbody></table></div>`;

const GOOD = new Set(['succeeded', 'dry run']);

const section = ({ company, feed, outcome, differences, refused }: ToldRun): string => `<section>
<h2>${escape(company)}: ${escape(feed)}</h2>
<p class="${GOOD.has(statusOf(outcome)) ? 'good' : 'bad'}">${escape(statusOf(outcome))}</p>
<p>${outcome.run ? `Run ${escape(outcome.run.key)}. ` : ''}${escape(countsText(outcome.counts))}; ${outcome.apiCalls} API calls.</p>
${[...auditLines(outcome), ...outcome.reasons].map((line) => `<p>${escape(line)}</p>`).join('\n')}
${table(
  ['Where', 'Finding', 'What to do'],
  outcome.findings.map(({ at, message, remedy, isWarning }) => [
    at,
    `${isWarning ? 'Warning: ' : ''}${message}`,
    remedy,
  ]),
)}
${table(
  ['Row', 'Reason', 'What to do'],
  outcome.keyless.map(({ number, problem }) => [number, problem.message, problem.remedy]),
)}
${table(
  ['Refused', 'Field', 'Reason', 'What to do'],
  refused.map(({ external_id: id, problem }) => [id, problem.field, problem.message, problem.remedy]),
)}
${table(
  ['External id', 'What', 'Field', 'Salesforce', 'View'],
  differences.flatMap(({ externalId, salesforceId, fields }) =>
    fields.map(({ field, salesforce, view }) => [
      externalId,
      salesforceId === null ? 'create' : 'update',
      field,
      salesforce,
      view,
    ]),
  ),
)}
</section>`;

/** The runs as one page that needs nothing else. It quotes values: give it only to people who may see them. */
export const renderHtml = (runs: readonly ToldRun[]): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Feeds: ${escape([...new Set(runs.map(({ company }) => company))].join(', '))}</title>
<style>
  body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem; color: #16325c; background: #fff; }
  h1 { font-size: 1.5rem; } h2 { font-size: 1.1rem; margin: 2rem 0 0; }
  .good, .bad { display: inline-block; margin: .5rem 0; padding: .2rem .7rem; border-radius: 4px; font-weight: 600; }
  .good { background: #d8f3e3; color: #04532f; } .bad { background: #fde2de; color: #7d1a0c; }
  .table { overflow-x: auto; margin: .75rem 0; }
  table { border-collapse: collapse; width: 100%; }
  th, td { text-align: left; vertical-align: top; padding: .35rem .6rem; border-bottom: 1px solid #d8dde6; overflow-wrap: break-word; max-width: 24rem; }
  @media print { body { margin: 0; max-width: none; } thead { display: table-header-group; } tr { break-inside: avoid; } .table { overflow: visible; } th, td { overflow-wrap: anywhere; } }
</style>
</head>
<body>
<main>
<h1>Feeds</h1>
${runs.map(section).join('\n')}
</main>
</body>
</html>
`;
