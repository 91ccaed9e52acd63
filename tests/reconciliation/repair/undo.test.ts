import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { undo, type UndoOptions, type UndoReport } from '../../../src/reconciliation/repair/undo.ts';
import { comparedCase } from '../../../src/flows/cases/compared/case.ts';
import { ManualClock } from 'kernel/clock.ts';
import type { ExternalRequest } from '../../../src/reconciliation/types.ts';

interface Sent {
  path: string;
  body: unknown;
}

const REPAIR = {
  revision: 4,
  before: { Subject: 'earlier' } as Record<string, string>,
  undoneBy: null as string | null,
};
const RECORD = {
  revision: 4,
  syncStatus: 'Success',
  values: { Subject: 'later', City__c: 'Bronx' },
  updatedAt: '2026-11-21T12:00:00Z',
  deletedAt: null as string | null,
  salesforceDeletion: null,
};

/** A registry with one repair per page; `refuse` makes it refuse every change. */
const registry = (
  rows: Record<string, { repair?: Partial<typeof REPAIR>; record?: Partial<typeof RECORD> | null }>,
  refuse = false,
): { external: ExternalRequest; sent: Sent[] } => {
  const sent: Sent[] = [];
  const keys = Object.keys(rows);
  const external = (async (method: string, path: string, body?: { keys: string[] }): Promise<unknown> => {
    if (path.startsWith('/v1/repairs')) {
      const query = new URLSearchParams(path.split('?')[1]);
      const wanted = query.get('key');
      const left = keys.filter((key) => key > query.get('after')! && (wanted === null || key === wanted));
      const repairs = left
        .slice(0, 1)
        .map((key) => ({ key, externalId: `SR-${key}`, ...REPAIR, ...rows[key]!.repair }));
      return { repairs, next: left.length > 1 ? left[0] : null };
    }
    if (path === '/v1/cases/lookup') {
      const cases = body!.keys
        .filter((key) => rows[key]!.record !== null)
        .map((key) => ({ key, externalId: `SR-${key}`, ...RECORD, ...rows[key]!.record }));
      return { cases };
    }
    assert.equal(method, 'POST');
    sent.push({ path, body });
    if (refuse) throw new Error('the external system answered 409');
    return {};
  }) as ExternalRequest;
  return { external, sent };
};

const run = (external: ExternalRequest, more: Partial<UndoOptions> = {}): Promise<UndoReport> =>
  undo({
    compared: comparedCase,
    external,
    clock: new ManualClock(Date.parse('2026-11-21T12:00:00Z')),
    runKey: 'undo',
    undoes: 'run',
    key: null,
    dryRun: false,
    ...more,
  });

const outcomesOf = ({ records }: UndoReport): [string, string][] => records.map(({ key, outcome }) => [key, outcome]);

describe('undoing a run', () => {
  it('gives the replaced fields their earlier values, guarded by the revision that the repair made', async () => {
    const { external, sent } = registry({ a: {} });
    const report = await run(external);
    assert.deepEqual(report.records, [
      { key: 'a', externalId: 'SR-a', repair: 'carry by owner', fields: ['Subject'], outcome: 'undone' },
    ]);
    assert.deepEqual(sent, [
      {
        path: '/v1/cases/SR-a/carry',
        body: {
          values: { Subject: 'earlier' },
          ifRevision: 4,
          repair: { run: 'undo', undoes: 'run', before: { Subject: 'later' } },
        },
      },
    ]);
    assert.doesNotMatch(JSON.stringify(report), /earlier|later/, 'its report holds no values');
  });

  it('leaves what has moved on, was undone before, is gone, or had nothing replaced', async () => {
    const { external, sent } = registry({
      changed: { record: { revision: 6 } },
      deleted: { record: { deletedAt: '2026-11-21T12:00:00Z' } },
      empty: { repair: { before: {} } },
      gone: { record: null },
      undone: { repair: { undoneBy: 'earlier undo' } },
    });
    assert.deepEqual(outcomesOf(await run(external)), [
      ['changed', 'refused: the record has moved on to revision 6, the repair made 4'],
      ['deleted', 'refused: the external system has no such record any more'],
      ['empty', 'nothing to undo'],
      ['gone', 'refused: the external system has no such record any more'],
      ['undone', 'undone before by run earlier undo'],
    ]);
    assert.deepEqual(sent, []);
  });

  it('says of repairs that replaced no value that there is nothing to undo', async () => {
    const { external } = registry({});
    const valueless = new Map([
      ['a', 'request again'],
      ['b', 'trigger outside'],
    ] as const);
    const { records } = await run(external, { valueless });
    assert.deepEqual(
      records.map(({ key, repair, outcome }) => [key, repair, outcome]),
      [
        ['a', 'request again', 'nothing to undo'],
        ['b', 'trigger outside', 'nothing to undo'],
      ],
    );
    assert.equal((await run(external, { valueless, key: 'b' })).records.length, 1);
  });

  it('changes nothing in a dry run, and only the record that is asked for', async () => {
    const { external, sent } = registry({ a: {}, b: {} });
    assert.deepEqual(outcomesOf(await run(external, { dryRun: true })), [
      ['a', 'planned'],
      ['b', 'planned'],
    ]);
    assert.deepEqual(sent, []);
    assert.deepEqual(outcomesOf(await run(external, { key: 'b' })), [['b', 'undone']]);
  });

  it('goes on after a record that the external system refuses', async () => {
    const { external, sent } = registry({ a: {}, b: {} }, true);
    assert.deepEqual(
      outcomesOf(await run(external)).map(([, outcome]) => outcome),
      ['refused: the external system answered 409', 'refused: the external system answered 409'],
    );
    assert.equal(sent.length, 2);
  });
});
