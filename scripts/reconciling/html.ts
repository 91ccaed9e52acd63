import { contentCheckLines } from './content-check-text.ts';
import { describeContentCheck } from './text.ts';
import type { ReconciliationReport } from '../../src/reconciliation/report.ts';
import { escape } from '../html.ts';

const row = (cells: (string | number | null | undefined)[], tag = 'td'): string =>
  `<tr>${cells.map((cell) => `<${tag}>${escape(cell)}</${tag}>`).join('')}</tr>`;

const section = (report: ReconciliationReport): string => `<h1>Reconciliation of ${escape(report.object)}</h1>
<p class="verdict ${report.verdict === 'equal' || report.verdict === 'repaired' ? 'good' : 'bad'}">${escape(report.verdict)}${report.dryRun ? ' (dry run)' : ''}</p>
${report.note ? `<p>${escape(report.note)}</p>` : ''}
<dl>
  <dt>Ran</dt><dd>${escape(report.startedAt)} to ${escape(report.finishedAt)}</dd>
  <dt>Records</dt><dd>${report.totals.salesforce.count} in Salesforce, ${report.totals.external.count} outside</dd>
  <dt>Discrepancies</dt><dd>${report.discrepancies.length}, ${report.inFlight} more in flight${report.outageSince === null ? '' : `; nothing gets through since ${report.outageSince}`}</dd>
  <dt>Salesforce API calls</dt><dd>${report.apiCalls}</dd>
  <dt>Contents checked</dt><dd>${[describeContentCheck(report), ...contentCheckLines(report)].map(escape).join('<br>')}</dd>
  <dt>Circuit breaker</dt><dd>${escape(report.breaker.state)}${report.breaker.reason ? `: ${escape(report.breaker.reason)}` : ''}</dd>
</dl>
${
  report.discrepancies.length === 0
    ? '<h2>No discrepancy</h2><p>Both sides hold the same records with the same values.</p>'
    : `<h2>By kind</h2>
<table>${row(['Kind', 'Count', 'Meaning', 'Who', 'Does what'], 'th')}
${Object.entries(report.byKind)
  .map(([kind, count]) => {
    const { meaning, owner, action } = report.kinds[kind]!;
    return row([kind, count, meaning, owner, action]);
  })
  .join('\n')}</table>
<h2>Each discrepancy</h2>
<table>${row(['Kind', report.names.one, 'Outside', 'Detail', 'Cause', 'Repair'], 'th')}
${report.discrepancies
  .map(({ kind, recordId, externalId, detail, cause, causeFrom, fields, outcome, repair }) => {
    const values = fields
      .map(
        (field) =>
          `<li>${escape(field.field)} (${escape(field.owner)} owns): Salesforce “${escape(field.salesforce)}”, outside “${escape(field.external)}”</li>`,
      )
      .join('');
    return `<tr><td>${escape(kind)}</td><td>${escape(recordId)}</td><td>${escape(externalId)}</td><td>${escape(detail)}${values ? `<ul>${values}</ul>` : ''}</td><td>${escape(cause)}${causeFrom === 'kind' ? ' <small>(usual cause of this kind)</small>' : ''}</td><td>${escape(repair?.do ?? 'none')}: ${escape(outcome)}</td></tr>`;
  })
  .join('\n')}</table>`
}`;

/** The reports as one page that needs nothing else. Values are shown as the two sides hold them: give it only to people who may see both. */
export const renderHtml = (...reports: ReconciliationReport[]): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Reconciliation of ${escape(reports.map(({ object }) => object).join(', '))}, ${escape(reports[0]?.startedAt)}</title>
<style>
  body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem; color: #16325c; background: #fff; }
  h1 { font-size: 1.5rem; margin-bottom: 0; } h2 { font-size: 1.1rem; margin-top: 2rem; }
  .verdict { display: inline-block; margin: .75rem 0; padding: .3rem .8rem; border-radius: 4px; font-weight: 600; }
  .good { background: #d8f3e3; color: #04532f; } .bad { background: #fde2de; color: #7d1a0c; }
  dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1.5rem; margin: 0; } dt { color: #54698d; } dd { margin: 0; }
  table { border-collapse: collapse; width: 100%; } th, td { text-align: left; vertical-align: top; padding: .4rem .6rem; border-bottom: 1px solid #d8dde6; }
  th { color: #54698d; font-weight: 600; } td ul { margin: 0; padding-left: 1rem; }
</style>
</head>
<body>
${reports.map(section).join('\n')}
</body>
</html>
`;
