import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { ManualClock } from 'kernel/clock.ts';
import { randomUuid, seededRandom } from 'kernel/random.ts';
import { usageBetween } from '../../../src/flows/usage/carried/flow.ts';
import type { DecisionRow, ReportLine, SealingRow, SealRow } from '../../../src/flows/usage/carried/salesforce.ts';
import { TargetUnavailable } from '../../../src/middle-layer/clients/errors.ts';
import { ensureFlow } from '../../../src/middle-layer/db/flow-state.ts';
import { assemble, type MiddleLayer } from '../../../src/middle-layer/index.ts';
import type { AdMessage, AdOutcomeMessage, DecisionMessage, SealMessage } from '../../../src/shared/usage-messages.ts';
import { testDatabase } from '../../middle-layer/support/database.ts';

const OPERATOR = 'operator';
const APPLICATION = 'application';

describe('the usage flow in the middle layer', () => {
  const random = seededRandom(3);
  let database: Awaited<ReturnType<typeof testDatabase>>;
  let clock: ManualClock;
  let layer: MiddleLayer;
  let reported: AdMessage[][];
  let told: AdOutcomeMessage[];
  let seals: SealMessage[];
  let pending: SealRow[];
  let asked: string[];
  let undecided: DecisionRow[];
  let sealings: SealingRow[];
  let decided: DecisionMessage[];
  const toldOf = { seal: () => seals, outcome: () => told, decision: () => decided };
  let answer: (ad: AdMessage) => Partial<ReportLine>;
  let calls: number;
  let salesforceIsAway: boolean;
  /** Until when calls last that report ads. */
  let holds: Promise<void>;
  let decisionsAreUnreadable: boolean;
  before(async () => (database = await testDatabase()));
  after(() => database.close());

  beforeEach(async () => {
    await database.reset();
    await ensureFlow(database.db, 'usage');
    clock = new ManualClock(Date.parse('2026-11-27T08:00:00Z'));
    reported = [];
    told = [];
    seals = [];
    pending = [];
    asked = [];
    undecided = [];
    sealings = [];
    decided = [];
    calls = 0;
    salesforceIsAway = false;
    holds = Promise.resolve();
    decisionsAreUnreadable = false;
    answer = () => ({ outcome: 'APPLIED' });
    layer = await open('one');
  });

  const open = (worker: string): Promise<MiddleLayer> =>
    assemble(
      {
        db: database.db,
        worker,
        clock,
        random,
        settings: {
          salesforceLingerMs: 0,
          callers: { external: { usage: APPLICATION }, operator: OPERATOR, intake: null },
        },
      },
      [
        usageBetween({
          salesforce: {
            report: async (ads) => {
              calls += 1;
              if (salesforceIsAway) throw new TargetUnavailable('NO_ANSWER', 'away');
              reported.push([...ads]);
              await holds;
              return ads.map((ad) => ({
                adId: ad.adId,
                version: ad.version,
                outcome: 'APPLIED',
                errorCode: null,
                message: null,
                retryable: false,
                appliedVersion: ad.version,
                ...answer(ad),
              }));
            },
            waiting: async () => {
              calls += 1;
              if (salesforceIsAway) throw new TargetUnavailable('NO_ANSWER', 'away');
              return {
                seals: async () => pending,
                decisions: async () => {
                  if (decisionsAreUnreadable) throw new TargetUnavailable('INVALID_FIELD', 'no such column');
                  return undecided;
                },
                sealings: async () => sealings,
              };
            },
            sealsTaken: async (ids) => {
              calls += 1;
              if (salesforceIsAway) throw new TargetUnavailable('NO_ANSWER', 'away');
              pending = pending.filter(({ sealId }) => !ids.includes(sealId));
            },
            askForSeals: async (ids) => {
              calls += 1;
              if (salesforceIsAway) throw new TargetUnavailable('NO_ANSWER', 'away');
              asked.push(...ids);
              return ids.map((id) => (id.startsWith('a0B') ? null : 'no such seal'));
            },
            decisionsTaken: async (ids) => {
              calls += 1;
              if (salesforceIsAway) throw new TargetUnavailable('NO_ANSWER', 'away');
              undecided = undecided.filter(({ exceptionId }) => !ids.includes(exceptionId));
            },
            takeCallCount: () => {
              const taken = calls;
              calls = 0;
              return taken;
            },
          },
          service: {
            send: async (messages) => {
              for (const message of messages) toldOf[message.kind]().push(message as never);
              return messages.map(({ id }) => ({ id, accepted: true }));
            },
          },
        }),
      ],
    );

  const ad = (more: Partial<AdMessage> = {}): AdMessage => ({
    kind: 'ad',
    id: randomUuid(random),
    adId: randomUuid(random),
    version: 1,
    title: 'Banner',
    contractNumber: '00000100',
    currency: 'EUR',
    bookedAt: '2026-11-27T08:00:00Z',
    cancelled: false,
    uses: [{ position: 1, productNumber: 'SMALL', units: '1' }],
    ...more,
  });
  const call = async (method: string, url: string, body: object = {}, token = OPERATOR): Promise<any> => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const response = await layer.handle({ method, url, headers, body: JSON.stringify(body) });
    return { status: response.status, ...JSON.parse(response.body) };
  };
  const post = (...messages: unknown[]): Promise<any> => call('POST', '/v1/usage/ads', { messages }, APPLICATION);
  /** Lets everything that is due be carried, a moment after the other. */
  const run = async (): Promise<void> => {
    for (let passes = 0; passes < 6; passes++) {
      await layer.step();
      await clock.advance(1_000);
    }
  };

  it('reports ads in one call, and tells the application what became of each', async () => {
    answer = ({ title }) =>
      title === 'late' ? { outcome: 'EXCEPTION', errorCode: 'FULFILLED', message: 'it is fulfilled' } : {};
    const [first, late] = [ad(), ad({ title: 'late' })];
    const { status, results } = await post(first, late);
    assert.deepEqual([status, results.map(({ accepted }: any) => accepted)], [202, [true, true]]);
    await run();
    assert.equal(reported.length, 1);
    assert.deepEqual(
      told.map(({ adId, version, outcome, errorCode }) => [adId, version, outcome, errorCode]).toSorted(),
      [
        [first.adId, 1, 'APPLIED', null],
        [late.adId, 1, 'EXCEPTION', 'FULFILLED'],
      ].toSorted(),
    );
  });

  it('has one call at a time about a contract under way, whichever worker makes it, and others beside it', async () => {
    const other = await open('two');
    const held = Promise.withResolvers<void>();
    holds = held.promise;
    await post(ad({ title: 'first' }));
    const first = layer.step();
    while (reported.length === 0) await new Promise(setImmediate);
    await post(ad({ title: 'second' }), ad({ title: 'elsewhere', contractNumber: '00000200' }));
    const second = other.step();
    while (reported.length === 1) await new Promise(setImmediate);
    held.resolve();
    await Promise.all([first, second]);
    await run();
    assert.deepEqual(
      reported.map((ads) => ads.map(({ title }) => title)),
      [['first'], ['elsewhere'], ['second']],
    );
  });

  it('carries what was decided of an ad, and takes no decision of another form', async () => {
    const decision = {
      version: 1,
      kind: 'DROP',
      reason: 'booked twice',
      by: 'petra',
      at: '2026-11-27T08:00:00Z',
    } as const;
    const wrong = [
      { ...decision, kind: 'LATER' },
      { ...decision, reason: null },
      { ...decision, reason: 'x'.repeat(151) },
    ] as unknown as (typeof decision)[];
    const { results } = await post(
      ad({ version: 2, cancelled: true, decision }),
      ...wrong.map((refused) => ad({ decision: refused })),
      ad({ decision: { ...decision, kind: 'NEXT_CONTRACT', reason: null } }),
    );
    assert.deepEqual(
      results.map(({ accepted }: any) => accepted),
      [true, false, false, false, true],
    );
    await run();
    assert.deepEqual(reported.flat().find(({ version }) => version === 2)?.decision, decision);
  });

  const decidedInSalesforce = (more: Partial<DecisionRow> = {}): DecisionRow => ({
    exceptionId: randomUuid(random),
    adId: randomUuid(random),
    version: 1,
    decision: 'CREDIT',
    nextContractNumber: null,
    reason: null,
    by: 'Ada Sales',
    at: '2026-11-27T08:00:00.000Z',
    appliedVersion: null,
    ...more,
  });

  it('tells the application what was decided in Salesforce, once for all uses of an ad, and forgets nothing on the way', async () => {
    const first = decidedInSalesforce();
    undecided = [
      first,
      decidedInSalesforce({ adId: first.adId }),
      decidedInSalesforce({ decision: 'DROP', reason: 'x' }),
    ];
    const { exceptionId: _first, ...said } = first;
    salesforceIsAway = true;
    await run();
    assert.equal(decided.length, 0);
    salesforceIsAway = false;
    await clock.advance(10 * 60_000);
    await run();
    assert.equal(decided.length, 2);
    const heard = decided.find(({ adId }) => adId === first.adId)!;
    assert.deepEqual(heard, { kind: 'decision', id: heard.id, ...said });
    assert.deepEqual(undecided, [], 'Salesforce hears that they were taken');
    const { entries }: { entries: { outcome: string; code: string }[] } = await call(
      'GET',
      `/v1/audit?key=${first.adId}&flow=usage`,
    );
    assert.ok(
      entries.some(({ outcome, code }) => outcome === 'DECIDED' && code === 'CREDIT'),
      JSON.stringify(entries),
    );
  });

  it('takes a redelivery once, and the newest version of an ad that waits', async () => {
    const first = ad();
    await post(first);
    await post(first);
    await post(ad({ adId: first.adId, version: 3, title: 'third' }));
    await post(ad({ adId: first.adId, version: 2, title: 'second' }));
    await run();
    assert.deepEqual(
      reported.flat().map(({ version }) => version),
      [3],
    );
  });

  it('refuses a malformed ad by itself, and a batch that is none', async () => {
    const { results } = await post(
      ad({ uses: [{ position: 1, productNumber: 'A', units: '1e3' }] }),
      ad({ contractNumber: 'a\0' }),
      ad({ uses: [] }),
      ad(),
    );
    assert.deepEqual(
      results.map(({ accepted, errorCode, retryable }: any) => [accepted, errorCode, retryable]),
      [
        [false, 'MALFORMED_MESSAGE', false],
        [false, 'MALFORMED_MESSAGE', false],
        [false, 'MALFORMED_MESSAGE', false],
        [true, undefined, undefined],
      ],
    );
    assert.match(results[0].message, /^uses\[0\]\.units must be a decimal/);
    assert.equal((await call('POST', '/v1/usage/ads', { messages: 'x' }, APPLICATION)).status, 400);
    assert.equal((await call('POST', '/v1/usage/ads', { messages: [ad()] }, 'guess')).status, 401);
  });

  it('waits out row locks and outages without using up attempts', async () => {
    let locked = 8;
    answer = () => (locked-- > 0 ? { outcome: 'REFUSED', errorCode: 'UNABLE_TO_LOCK_ROW', retryable: true } : {});
    salesforceIsAway = true;
    await post(ad());
    for (let hours = 0; hours < 4; hours++) {
      await layer.step();
      await clock.advance(60 * 60_000);
    }
    salesforceIsAway = false;
    for (let tries = 0; tries < 60 && told.length === 0; tries++) {
      await layer.step();
      await clock.advance(60_000);
    }
    assert.deepEqual(
      told.map(({ outcome }) => outcome),
      ['APPLIED'],
    );
    assert.deepEqual((await call('GET', '/v1/dead-letters')).deadLetters, []);
  });

  it('makes a dead letter of what Salesforce refuses for good, tells the application, and sends it again when asked', async () => {
    let refuses = true;
    answer = ({ title }) =>
      title === 'poison' && refuses ? { outcome: 'REFUSED', errorCode: 'INVALID_FIELD', message: 'no such field' } : {};
    await post(ad({ title: 'poison' }), ad({ title: 'good' }));
    await run();
    assert.deepEqual(
      told.map(({ outcome }) => outcome),
      ['APPLIED'],
      'the good one waits for nobody',
    );
    for (let tries = 0; tries < 12; tries++) {
      await layer.step();
      await clock.advance(60 * 60_000);
    }
    assert.deepEqual(
      told.map(({ outcome, errorCode }) => [outcome, errorCode]),
      [
        ['APPLIED', null],
        ['REFUSED', 'INVALID_FIELD'],
      ],
    );
    refuses = false;
    assert.equal((await call('POST', '/v1/dead-letters/retry', { flow: 'usage' })).retried, 1);
    await run();
    assert.equal(told.at(-1)!.outcome, 'APPLIED');
  });

  const sealRow = (more: Partial<SealRow> = {}): SealRow => ({
    sealId: 'a0B000000000001AAA',
    contractId: '800000000000001AAA',
    contractNumber: 'C-100',
    entries: 1,
    units: '1',
    amount: '40',
    digest: 'a'.repeat(64),
    basis: '{}',
    basisDigest: 'b'.repeat(64),
    sealedAt: '2026-11-27T08:00:00.000Z',
    ...more,
  });
  const auditOf = async (key: string): Promise<[string, string | null][]> =>
    (await call('GET', `/v1/audit?key=${key}`)).entries.map(({ outcome, code }: any) => [outcome, code]);
  let said = 0;
  const own = (digest: string): object => ({
    kind: 'ownSeal',
    id: randomUuid(random),
    contractNumber: 'C-100',
    entries: 1,
    units: '1',
    digest,
    since: new Date(Date.UTC(2026, 10, 27, 9) + said++).toISOString(),
  });
  const tell = async (message: object): Promise<any> =>
    (await call('POST', '/v1/usage/own-seals', { messages: [message] }, APPLICATION)).results[0];
  const sealStatus = async (): Promise<unknown> => (await call('GET', '/v1/status')).flows.usage.seals;

  it('takes a seal once, audits it and tells the application, however often Salesforce offers it', async () => {
    const row = sealRow();
    pending = [row];
    await run();
    assert.deepEqual(pending, [], 'Salesforce forgets that it is pending');
    pending = [row];
    await clock.advance(60_000);
    await run();
    assert.deepEqual(pending, []);
    assert.equal(seals.length, 1);
    const { sealId: _seal, contractId: _contract, ...said } = row;
    assert.deepEqual(seals[0], { kind: 'seal', id: seals[0]!.id, ...said });
    const entry = `entries=1 units=1 amount=40 digest=${row.digest}`;
    assert.deepEqual((await auditOf('c-100'))[0], ['SEALED', entry]);
    const kept = await call('GET', '/v1/usage/seals?contract=C-100', undefined, APPLICATION);
    assert.deepEqual([kept.entries, kept.amount, kept.digest, kept.own], [1, '40', row.digest, null]);
  });

  it('keeps the first seal of a contract, and nobody changes it', async () => {
    pending = [sealRow()];
    await run();
    pending = [sealRow({ digest: 'c'.repeat(64) })];
    await clock.advance(60_000);
    await run();
    const kept = await call('GET', '/v1/usage/seals?contract=C-100', undefined, APPLICATION);
    assert.equal(kept.digest, 'a'.repeat(64));
    for (const change of ["UPDATE usage_seal SET digest = 'x'", 'DELETE FROM usage_seal'])
      await assert.rejects(database.db.query(change), /stays as it was taken/);
  });

  it('states a seal once more where it was asked for, and never replaces one by another', async () => {
    const row = sealRow();
    pending = [row];
    await run();
    pending = [{ ...row, again: true }];
    await clock.advance(60_000);
    await run();
    assert.deepEqual(
      seals.map(({ again }) => again),
      [undefined, true],
    );
    pending = [sealRow({ digest: 'c'.repeat(64), again: true })];
    await clock.advance(60_000);
    await run();
    assert.deepEqual(
      (await auditOf('c-100')).map(([outcome]) => outcome).filter((outcome) => outcome.startsWith('SEAL')),
      ['SEALED', 'SEALED_AGAIN', 'SEAL_FORKED'],
    );
    const page = await call('GET', '/v1/usage/seals?after=', undefined, APPLICATION);
    assert.deepEqual([page.seals.length, page.seals[0].digest, page.next], [1, row.digest, null]);
    assert.deepEqual((await call('GET', '/v1/usage/seals?after=C-100', undefined, APPLICATION)).seals, []);
    assert.match(
      JSON.stringify((await call('GET', '/ready')).attention),
      /is another than the one that was taken before/,
    );
  });

  it('asks Salesforce for seals once more, and says of each what became of it', async () => {
    const ids = ['a0B000000000001AAA', '001000000000001AAA'];
    const ask = (body: object, token = APPLICATION): Promise<any> => call('POST', '/v1/usage/seals/again', body, token);
    assert.deepEqual((await ask({ seals: ids })).results, [
      { sealId: ids[0], problem: null },
      { sealId: ids[1], problem: 'no such seal' },
    ]);
    assert.deepEqual(asked, ids);
    for (const seals of [[], ['x'], Array(101).fill(ids[0])]) assert.equal((await ask({ seals })).status, 400);
    assert.equal((await ask({ seals: ids }, 'guess')).status, 401);
    salesforceIsAway = true;
    assert.equal((await ask({ seals: ids })).status, 503);
    assert.deepEqual(asked, ids);
  });

  it('takes what the application says of a seal once: a copy that comes late replaces nothing', async () => {
    const row = sealRow();
    pending = [row];
    await run();
    const earlier = own('c'.repeat(64));
    await tell(earlier);
    await tell(own(row.digest));
    assert.equal((await tell(earlier)).accepted, true, 'a copy is taken, as its original was');
    const kept = await call('GET', '/v1/usage/seals?contract=C-100', undefined, APPLICATION);
    assert.equal(kept.own.digest, row.digest);
    const audited = (await auditOf('c-100')).map(([outcome]) => outcome).filter((outcome) => /^SEAL_/.test(outcome));
    assert.deepEqual(audited, ['SEAL_DIFFERS', 'SEAL_AGREES']);
  });

  it('keeps the latest of what the application says of a seal, in whatever order it comes first', async () => {
    pending = [sealRow()];
    await run();
    const [earlier, later] = [own('c'.repeat(64)), own('a'.repeat(64))];
    await tell(later);
    assert.equal((await tell(earlier)).accepted, true, 'the application need not say it again');
    assert.deepEqual(await sealStatus(), { taken: 1, unconfirmed: 0, differing: [], inProgress: [] });
    await tell(own('d'.repeat(64)));
    assert.deepEqual(await sealStatus(), { taken: 1, unconfirmed: 0, differing: ['C-100'], inProgress: [] });
    assert.match((await tell({ ...own('a'.repeat(64)), since: 'yesterday' })).message, /since/);
  });

  it('loses no seal while Salesforce is away', async () => {
    pending = [sealRow()];
    salesforceIsAway = true;
    await run();
    assert.equal(seals.length, 0);
    salesforceIsAway = false;
    for (let minutes = 0; minutes < 5; minutes++) {
      await layer.step();
      await clock.advance(60_000);
    }
    assert.equal(seals.length, 1);
  });

  it('takes seals while decisions cannot be read, and the decisions once they can', async () => {
    pending = [sealRow()];
    undecided = [decidedInSalesforce()];
    decisionsAreUnreadable = true;
    await run();
    assert.deepEqual([seals.length, pending.length, decided.length], [1, 0, 0]);
    assert.equal((await call('GET', '/v1/status')).flows.usage.circuits.pending.code, 'INVALID_FIELD');
    decisionsAreUnreadable = false;
    await clock.advance(10 * 60_000);
    await run();
    assert.deepEqual([seals.length, decided.length, undecided.length], [1, 1, 0]);
  });

  it('says on its status whether the application agrees, and audits what it says', async () => {
    assert.equal((await tell(own('a'.repeat(64)))).errorCode, 'UNKNOWN_CONTRACT', 'before it was taken');
    pending = [sealRow()];
    await run();
    assert.deepEqual(await sealStatus(), { taken: 1, unconfirmed: 1, differing: [], inProgress: [] });
    assert.equal((await tell(own('c'.repeat(64)))).accepted, true);
    assert.deepEqual(await sealStatus(), { taken: 1, unconfirmed: 0, differing: ['C-100'], inProgress: [] });
    await tell(own('a'.repeat(64)));
    assert.deepEqual(await sealStatus(), { taken: 1, unconfirmed: 0, differing: [], inProgress: [] });
    assert.deepEqual(
      (await auditOf('c-100')).map(([outcome]) => outcome).filter((outcome) => outcome.startsWith('SEAL_')),
      ['SEAL_DIFFERS', 'SEAL_AGREES'],
    );
    assert.equal((await tell({ ...own('a'.repeat(64)), units: '1e3' })).errorCode, 'MALFORMED_MESSAGE');
  });

  it('shows seals in progress, and names those that do not go on where people look', async () => {
    const at = (hour: number): number => Date.UTC(2026, 10, 27, hour);
    const sealing = { counted: 10_000, expected: 43_000, notice: null };
    assert.equal((await call('GET', '/v1/status')).flows.usage.seals.inProgress, null, 'nobody has looked yet');
    sealings = [
      { ...sealing, contractNumber: 'C-1', movedAt: at(5) },
      { ...sealing, contractNumber: 'C-2', movedAt: at(7) },
      { ...sealing, contractNumber: 'C-3', movedAt: at(8), notice: 'An entry changed.' },
    ];
    await run();
    const { inProgress } = (await call('GET', '/v1/status')).flows.usage.seals;
    assert.deepEqual(
      inProgress.map(({ contractNumber, isStuck }: any) => [contractNumber, isStuck]),
      [
        ['C-1', true],
        ['C-2', false],
        ['C-3', true],
      ],
    );
    assert.deepEqual(inProgress[2], {
      ...sealing,
      contractNumber: 'C-3',
      notice: 'An entry changed.',
      movedAt: '2026-11-27T08:00:00.000Z',
      isStuck: true,
    });
    const { attention, problems } = await call('GET', '/ready');
    assert.deepEqual(
      attention.map((line: string) => line.split(':').slice(0, 3).join(':')),
      ['C-1', 'C-3'].map(
        (number) => `usage: the seal of contract ${number} does not go on: 10000 of 43000 entries are counted`,
      ),
    );
    assert.deepEqual(problems, [], 'the middle layer itself is well');
    sealings = [];
    await clock.advance(60_000);
    await run();
    assert.deepEqual((await call('GET', '/v1/status')).flows.usage.seals.inProgress, []);
  });

  it('lets nobody else at the seals', async () => {
    assert.equal((await call('GET', '/v1/usage/seals?contract=C-100', undefined, 'guess')).status, 401);
    assert.equal((await call('GET', '/v1/usage/seals?contract=none', undefined, APPLICATION)).status, 404);
    assert.equal((await call('GET', '/v1/usage/seals', undefined, APPLICATION)).status, 400);
  });
});
