import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renderHtml } from '../../scripts/reconciling/html.ts';
import { KINDS } from '../../src/flows/cases/compared/kinds.ts';
import { startChromium } from '../pages/support/chromium.ts';
import type { ReconciliationReport } from '../../src/reconciliation/report.ts';

const cell = { count: 1000, k1: 1, k2: 1, d: 1, c: 1 };
const DAY = 24 * 3_600_000;
const NOW = Date.UTC(2026, 0, 31, 3);

const report: ReconciliationReport = {
  runKey: '0a1b2c3d-0000-4000-8000-000000000001',
  flow: 'cases',
  object: 'Case',
  names: { one: 'Case', many: 'Cases' },
  startedAt: new Date(NOW).toISOString(),
  finishedAt: new Date(NOW + 2_000).toISOString(),
  dryRun: true,
  verdict: 'discrepancies',
  totals: { salesforce: cell, external: { ...cell, count: 999 } },
  candidates: 3,
  inFlight: 2,
  outageSince: null,
  inFlightKeys: [],
  breaker: { state: 'closed', reason: null },
  partial: false,
  byKind: { 'version skew': 1 },
  kinds: KINDS,
  discrepancies: [
    {
      kind: 'version skew',
      key: 'k',
      recordId: '500000000000001AAA',
      externalId: 'SR-00000001',
      fields: [{ field: 'Status', owner: 'External', salesforce: '<b>Closed</b>', external: 'Escalated' }],
      detail: 'Salesforce knows revision 1, outside it is 2',
      cause: 'No record of revision 2 ever reached the middle layer.',
      causeFrom: 'audit trail',
      repair: { do: 'trigger outside', key: 'k' },
      outcome: 'planned',
    },
  ],
  trail: { read: 1, problem: null },
  apiCalls: 4,
  tableReads: { totals: 1, small: 1, large: 0 },
  contentCheck: null,
  contentCheckCost: null,
  contentCheckFailure: null,
  contentCheckAge: { coveredPercent: 100, oldestAt: NOW - 3 * DAY, newestAt: NOW - DAY },
  note: null,
};

test('the reconciliation page shows its findings in a real browser, values as text', async () => {
  const browser = await startChromium();
  try {
    const page = await browser.context.newPage();
    const problems: string[] = [];
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('requestfailed', (request) => problems.push(request.url()));
    await page.setContent(renderHtml(report));
    assert.deepEqual(problems, []);
    assert.equal(await page.title(), `Reconciliation of Case, ${report.startedAt}`);
    const text = await page.locator('body').innerText();
    assert.match(text, /discrepancies \(dry run\)/);
    assert.match(text, /Salesforce “<b>Closed<\/b>”, outside “Escalated”/, 'values are shown, never run');
    assert.match(text, /trigger outside: planned/);
    assert.equal(await page.locator('table').count(), 2);
  } finally {
    await browser.close();
  }
});
