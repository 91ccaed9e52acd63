import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { emptyCell } from '../../../src/reconciliation/digest/peel.ts';
import { recordFailure, recordRun } from '../../../src/reconciliation/org/record.ts';
import { readOrgState } from '../../../src/reconciliation/org/state.ts';
import type { ReconciliationReport } from '../../../src/reconciliation/report.ts';
import { KINDS } from '../../../src/flows/cases/compared/kinds.ts';
import { SalesforceClient } from '../../../src/shared/salesforce/client.ts';
import type { ReportedDiscrepancy } from '../../../src/reconciliation/types.ts';

const MINUTE = 60_000;
const NOW = Date.parse('2026-11-21T12:00:00Z');

const discrepancy = (nr: number, more: Partial<ReportedDiscrepancy> = {}): ReportedDiscrepancy => ({
  kind: 'failed',
  key: `key-${nr}`,
  recordId: null,
  externalId: null,
  fields: [],
  detail: 'INVALID',
  cause: 'The external system refused version 1.',
  causeFrom: 'audit trail',
  repair: null,
  outcome: 'left to a person',
  ...more,
});

const report = (more: Partial<ReconciliationReport> = {}): ReconciliationReport => ({
  runKey: 'run-key',
  flow: 'cases',
  object: 'Case',
  names: { one: 'Case', many: 'Cases' },
  startedAt: '2026-11-21T07:30:00.123Z',
  finishedAt: '2026-11-21T07:30:12.456Z',
  dryRun: false,
  verdict: 'discrepancies',
  totals: { salesforce: emptyCell(), external: emptyCell() },
  candidates: 0,
  inFlight: 0,
  inFlightKeys: [],
  outageSince: null,
  breaker: { state: 'closed', reason: null },
  partial: false,
  byKind: {},
  kinds: KINDS,
  discrepancies: [],
  trail: null,
  apiCalls: 3,
  tableReads: { totals: 1, small: 0, large: 0 },
  contentCheck: null,
  contentCheckCost: null,
  contentCheckFailure: null,
  contentCheckAge: { coveredPercent: 0, oldestAt: null, newestAt: null },
  note: null,
  ...more,
});

type Body = Record<string, unknown> & { discrepancies: Record<string, unknown>[]; moving: string[]; complete: boolean };

/** A client whose org keeps what it is sent; `more`: how often it asks for the last call again. */
const recorder = (more = 0): { client: SalesforceClient; bodies: Body[] } => {
  const bodies: Body[] = [];
  const client = new SalesforceClient(<T>({ body }: { body?: unknown }) => {
    bodies.push(body as Body);
    return Promise.resolve({ runId: 'run', opened: 1, resolved: 2, more: (body as Body).complete && more-- > 0 } as T);
  }, '67.0');
  return { client, bodies };
};

describe('recording a run', () => {
  it('names what was found in the words of the table of kinds', async () => {
    const { client, bodies } = recorder();
    await recordRun(client, report({ discrepancies: [discrepancy(1)] }));
    assert.equal(bodies.length, 1);
    assert.equal(bodies[0]!.asOf, '2026-11-21T07:30:00Z', 'whole seconds');
    const [sent] = bodies[0]!.discrepancies;
    assert.equal(sent!.owner, 'agent');
    assert.equal(sent!.status, 'Left to a Person');
    assert.equal(sent!.repair, 'none');
    assert.deepEqual([sent!.cause, sent!.causeFrom], ['The external system refused version 1.', 'audit trail']);
  });

  it('sends at most 200 discrepancies a call under one key, and only the last completes', async () => {
    const { client, bodies } = recorder();
    const discrepancies = Array.from({ length: 401 }, (_, nr) => discrepancy(nr));
    const recorded = await recordRun(client, report({ discrepancies }));
    assert.deepEqual(
      bodies.map((body) => body.discrepancies.length),
      [200, 200, 1],
    );
    assert.deepEqual(
      bodies.map((body) => body.complete),
      [false, false, true],
    );
    assert.ok(bodies.every((body) => body.runKey === 'run-key' && body.flow === 'cases'));
    assert.equal(recorded.opened, 3, 'of all calls');
  });

  it('sends less in a call when values are long: the org parses a megabyte at a time', async () => {
    const { client, bodies } = recorder();
    const fields = Array.from({ length: 10 }, (_, nr) => ({
      field: `Text_${nr}__c`,
      owner: 'Salesforce' as const,
      salesforce: 'x'.repeat(1000),
      external: 'y'.repeat(1000),
    }));
    const discrepancies = Array.from({ length: 200 }, (_, nr) => discrepancy(nr, { kind: 'field mismatch', fields }));
    await recordRun(client, report({ discrepancies }));
    assert.ok(bodies.every((body) => JSON.stringify(body).length < 1_010_000));
    assert.deepEqual(
      bodies.flatMap((body) => body.discrepancies.map(({ key }) => key)),
      discrepancies.map(({ key }) => key),
    );
    assert.deepEqual(
      bodies.map((body) => body.complete),
      bodies.map((_, i) => i === bodies.length - 1),
    );
    assert.ok(bodies.length > 1);
  });

  it('names what was still moving, more than a call takes too', async () => {
    const { client, bodies } = recorder();
    await recordRun(client, report({ inFlightKeys: Array.from({ length: 2001 }, (_, nr) => `k${nr}`) }));
    assert.deepEqual(
      bodies.map((body) => body.moving.length),
      [2000, 1],
    );
  });

  it('sends the last call again while the org has more to resolve', async () => {
    const { client, bodies } = recorder(2);
    const recorded = await recordRun(client, report({ discrepancies: [discrepancy(1)] }));
    assert.equal(bodies.length, 3);
    assert.equal(recorded.resolved, 6);
  });

  it('resolves nothing by a run that saw a part only', async () => {
    const { client, bodies } = recorder();
    await recordRun(client, report({ partial: true }));
    assert.equal(bodies[0]!.resolvesOthers, false);
  });

  it('tells the breaker with its reason', async () => {
    const { client, bodies } = recorder();
    await recordRun(client, report({ breaker: { state: 'tripped', reason: '30 of 100 records differ.' } }));
    assert.equal(bodies[0]!.breaker, true);
    assert.equal(bodies[0]!.note, '30 of 100 records differ.');
    await recordRun(client, report({ breaker: { state: 'open', reason: 'as before' } }));
    assert.equal(bodies[1]!.breaker, false, 'it is open already');
  });

  it('cuts long values: they are to be looked at', async () => {
    const { client, bodies } = recorder();
    const fields = [
      { field: 'Description', owner: 'Salesforce', salesforce: 'x'.repeat(5000), external: null } as const,
    ];
    await recordRun(
      client,
      report({ discrepancies: [discrepancy(1, { kind: 'field mismatch', fields: [...fields] })] }),
    );
    const [{ salesforce }] = bodies[0]!.discrepancies[0]!.fields as [{ salesforce: string }];
    assert.equal(salesforce.length, 1000);
  });

  it('tells what a content check cost, also of one that broke off', async () => {
    const { client, bodies } = recorder();
    const contentCheckCost = {
      through: 'query',
      calls: 3,
      callsInDay: 150,
      dailyBudget: 150,
      dailyAllocation: null,
    } as const;
    await recordRun(client, report({ contentCheckCost, contentCheckFailure: 'its budget is spent' }));
    assert.deepEqual(bodies[0]!.contentCheck, {
      from: null,
      to: null,
      records: null,
      suspects: null,
      calls: 3,
      failure: 'its budget is spent',
      coveredPercent: 0,
      ageDays: null,
    });
  });

  it('tells a failure with its reason', async () => {
    const { client, bodies } = recorder();
    await recordFailure(client, {
      flow: 'cases',
      runKey: 'k',
      startedAt: '2026-11-21T07:30:00.1Z',
      finishedAt: '2026-11-21T07:30:01.1Z',
      reason: 'no answer',
      apiCalls: 1,
    });
    assert.equal(bodies[0]!.verdict, 'Failed');
    assert.equal(bodies[0]!.note, 'no answer');
    assert.equal(bodies[0]!.resolvesOthers, false);
  });
});

describe('the state of the org', () => {
  const setting = { Grace_Minutes__c: 15, Jobs_Per_Hour__c: 4, Breaker_Share__c: 0.5, Breaker_Least__c: 20 };
  const answering = (...results: Record<string, unknown>[][]): SalesforceClient =>
    new SalesforceClient(
      <T>() =>
        Promise.resolve({
          compositeResponse: results.map((records, index) => ({
            referenceId: `q${index}`,
            httpStatusCode: 200,
            body: { records, done: true },
          })),
        } as T),
      '67.0',
    );
  const ALL = { Key__c: 'Default' };
  const NO_SAMPLE = [{ n: 0 }];
  const CASES = { flow: 'cases', object: 'Case' };
  const iso = (minutesAgo: number): string => new Date(NOW - minutesAgo * MINUTE).toISOString();

  it('is read in one call', async () => {
    const controls = [
      {
        Key__c: 'flow:cases',
        Breaker_Open_Since__c: iso(1),
        Breaker_Reason__c: 'too much',
        Last_Run_At__c: iso(5),
      },
      { Key__c: 'Default', Activated_At__c: iso(600) },
    ];
    const client = answering(
      [setting],
      [],
      controls,
      [
        {
          Flow__c: 'cases',
          Content_Check_From__c: 0,
          Content_Check_To__c: 10,
          As_Of__c: iso(60),
          Content_Check_Calls__c: 4,
        },
        // broken off; of another flow; too long ago for the budget of the day, and from before flows
        { Flow__c: 'cases', Content_Check_From__c: null, As_Of__c: iso(70), Content_Check_Calls__c: 1 },
        {
          Flow__c: 'other',
          Content_Check_From__c: 5,
          Content_Check_To__c: 7,
          As_Of__c: iso(80),
          Content_Check_Calls__c: 2,
        },
        {
          Flow__c: null,
          Content_Check_From__c: 20,
          Content_Check_To__c: 30,
          As_Of__c: iso(24 * 60),
          Content_Check_Calls__c: 8,
        },
      ],
      [{ n: 50_000 }],
    );
    const state = await readOrgState(client, CASES, NOW);
    assert.equal(client.calls, 1);
    assert.deepEqual(state, {
      graceMs: 15 * MINUTE,
      breakerShare: 0.005,
      breakerLeast: 20,
      breakerOpen: 'too much',
      jobLastRunAt: NOW - 5 * MINUTE,
      jobLate: false,
      outageSince: null,
      contentChecks: [
        { from: 0, to: 10, at: NOW - 60 * MINUTE },
        { from: 20, to: 30, at: NOW - 24 * 60 * MINUTE },
      ],
      contentCheckCallsInDay: 7,
      parts: 255,
    });
  });

  it('repairs nothing while digests are renewed', async () => {
    const controls = [{ Key__c: 'flow:cases', Breaker_Open_Since__c: null, Renewing_Since__c: iso(1) }];
    const state = await readOrgState(answering([setting], [], controls, [], NO_SAMPLE), CASES, NOW);
    assert.match(state.breakerOpen!, /digests are being renewed since .*: repair goes on when that has ended/);
  });

  it("takes what operators set for the org above what comes with Concord, and no person's values", async () => {
    const own = [
      { SetupOwnerId: '005000000000001AAA', Grace_Minutes__c: 1 },
      { SetupOwnerId: '00D000000000001AAA', Grace_Minutes__c: 30, Breaker_Least__c: 0, Breaker_Share__c: null },
    ];
    const state = await readOrgState(answering([setting], own, [], [], NO_SAMPLE), CASES, NOW);
    assert.deepEqual([state.graceMs, state.breakerLeast, state.breakerShare], [30 * MINUTE, 0, 0.005]);
  });

  it('knows a late job, and one that never ran', async () => {
    const lateRun = { Key__c: 'flow:cases', Last_Run_At__c: iso(31) };
    const late = await readOrgState(
      answering([setting], [], [{ ...ALL, Activated_At__c: iso(600) }, lateRun], [], NO_SAMPLE),
      CASES,
      NOW,
    );
    assert.equal(late.jobLate, true);
    const never = await readOrgState(
      answering([setting], [], [{ ...ALL, Activated_At__c: iso(31) }], [], NO_SAMPLE),
      CASES,
      NOW,
    );
    assert.deepEqual([never.jobLate, never.jobLastRunAt], [true, null]);
    const fresh = await readOrgState(
      answering([setting], [], [{ ...ALL, Activated_At__c: iso(1) }], [], NO_SAMPLE),
      CASES,
      NOW,
    );
    assert.equal(fresh.jobLate, false, 'nothing was due yet');
  });

  for (const [name, control, since] of [
    ['an outage of the middle layer', { Swept_At__c: iso(40), Clear_Since__c: iso(600) }, 40],
    [
      'a middle layer that has not caught up',
      { Swept_At__c: iso(0), Clear_Since__c: null, Waiting_Since__c: iso(90) },
      90,
    ],
    ['the grace after an outage', { Swept_At__c: iso(0), Clear_Since__c: iso(14), Waiting_Since__c: iso(90) }, 90],
    ['an outage that the job has not seen yet', { Swept_At__c: iso(0), Clear_Since__c: null }, 0],
    ['a way that has been open for the grace', { Swept_At__c: iso(14), Clear_Since__c: iso(15) }, null],
    ['a middle layer that does not report', { Swept_At__c: null }, null],
    ['a clock that is days ahead', { Swept_At__c: iso(-4000), Clear_Since__c: iso(-4000) }, null],
  ] as const) {
    it(`knows ${name}`, async () => {
      const state = await readOrgState(answering([setting], [], [{ ...ALL, ...control }], [], NO_SAMPLE), CASES, NOW);
      assert.equal(state.outageSince, since === null ? null : NOW - since * MINUTE);
    });
  }

  it('says what to deploy when there are no settings', async () => {
    await assert.rejects(
      readOrgState(answering([], [], [], [], NO_SAMPLE), CASES, NOW),
      /Concord_Setting\.Default; deploy force-app/,
    );
  });
});
