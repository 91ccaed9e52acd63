import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { KINDS } from '../../../src/flows/cases/compared/kinds.ts';
import { comparedCase } from '../../../src/flows/cases/compared/case.ts';
import { middleLayerTrail } from '../../../src/reconciliation/trail/middle-layer.ts';
import { tellCauses, usualCause } from '../../../src/reconciliation/trail/tell-causes.ts';
import type { AuditTrail, Trail } from '../../../src/reconciliation/trail/types.ts';
import type { CaseState } from '../../../src/flows/cases/compared/types.ts';
import type { Cause, Compared } from '../../../src/reconciliation/types.ts';

const EMPTY: Trail = { entries: [], letters: [], more: false };

const stuck = (key: string): Compared & { discrepancy: Cause } => ({
  discrepancy: {
    kind: 'stuck in progress',
    key,
    recordId: null,
    externalId: null,
    fields: [],
    detail: '',
    ...usualCause(comparedCase, 'stuck in progress'),
  },
  salesforce: { key, version: 3 } as CaseState,
  external: null,
});

const trailOf = (trails: Record<string, Trail>): AuditTrail & { asked: number } => ({
  asked: 0,
  read(keys) {
    this.asked += keys.length;
    return Promise.resolve(new Map(Object.entries(trails)));
  },
});

describe('telling causes', () => {
  it('tells the actual cause where the trail knows it, and says where each comes from', async () => {
    const found = [stuck('a'), stuck('b')];
    const reading = await tellCauses(comparedCase, trailOf({ a: EMPTY, b: { ...EMPTY, more: true } }), found);
    assert.deepEqual(reading, { read: 2, problem: null });
    assert.deepEqual(
      found.map(({ discrepancy: { cause, causeFrom } }) => [causeFrom, cause]),
      [
        ['audit trail', 'No request of version 3 ever left: the middle layer has not seen it.'],
        ['kind', KINDS['stuck in progress'].cause],
      ],
    );
  });

  it('changes nothing when the trail cannot be read, and says why', async () => {
    const found = [stuck('a')];
    const down: AuditTrail = { read: () => Promise.reject(new Error('the middle layer answered 503')) };
    assert.deepEqual(await tellCauses(comparedCase, down, found), {
      read: 0,
      problem: 'the middle layer answered 503',
    });
    assert.equal(found[0]!.discrepancy.causeFrom, 'kind');
  });

  it('reads at most 2,000 trails a run', async () => {
    const trail = trailOf({});
    const reading = await tellCauses(
      comparedCase,
      trail,
      Array.from({ length: 2_001 }, (_, index) => stuck(String(index))),
    );
    assert.equal(trail.asked, 2_000);
    assert.deepEqual(reading, { read: 2_000, problem: 'the trails of 1 more were not read: 2000 a run at most' });
  });
});

describe('the audit trail of the middle layer', () => {
  it('is read 200 records a call', async () => {
    const calls: { path: string; keys: string[] }[] = [];
    const trail = middleLayerTrail(<T>(path: string, body: unknown) => {
      const { keys } = body as { keys: string[] };
      calls.push({ path, keys });
      const entries = [
        {
          at: '2026-11-21T12:00:00.000Z',
          target: 'external',
          kind: 'request',
          version: 1,
          revision: null,
          outcome: 'QUEUED',
          code: null,
        },
      ];
      const deadLetters = [
        {
          diedAt: '2026-11-21T12:01:00.000Z',
          target: 'external',
          kind: 'request',
          version: 1,
          revision: null,
          code: 'X',
          attempts: 8,
        },
      ];
      return Promise.resolve({ trails: keys.map((key) => ({ key, entries, more: false, deadLetters })) } as T);
    });
    const read = await trail.read(Array.from({ length: 401 }, (_, index) => `key-${index}`));
    assert.deepEqual(
      calls.map(({ path, keys }) => [path, keys.length]),
      [
        ['/v1/audit', 200],
        ['/v1/audit', 200],
        ['/v1/audit', 1],
      ],
    );
    assert.equal(read.size, 401);
    const { entries, letters } = read.get('key-400')!;
    assert.equal(entries[0]!.at, Date.parse('2026-11-21T12:00:00Z'));
    assert.equal(letters[0]!.since, Date.parse('2026-11-21T12:01:00Z'));
  });
});
