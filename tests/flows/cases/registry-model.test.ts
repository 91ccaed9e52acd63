import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fieldRules, readRules } from '../../../src/external-system/rules/field-rules.ts';
import { normalise } from '../../../src/external-system/rules/normalise.ts';
import { validate } from '../../../src/external-system/rules/validate.ts';
import {
  expectedOf,
  type Holding,
  NEW_MARK,
  NEW_NUMBER,
  type RegistryRules,
} from '../../../src/flows/cases/simulated/registry-model.ts';
import { refusalOf, spelt } from '../../../src/flows/cases/simulated/registry-spelling.ts';
import type { RequestMessage, Scalar } from '../../../src/shared/case-messages.ts';
import { SAMPLE } from '../../../src/shared/sample.ts';

const KEY = '3866ced9-ce73-433e-8c05-258c339ebc36';
const NOTHING: Holding = { record: null, history: [], deletion: null, requests: [] };
const RULES: RegistryRules = {
  now: Date.UTC(2026, 0, 5, 9),
  graceMs: 60_000,
  maxGraceMs: 600_000,
  maxFailedAttempts: 8,
  spelt,
  refusal: refusalOf,
  isFree: () => true,
};

const request = (version: number, values: Record<string, Scalar>): RequestMessage => ({
  kind: 'request',
  id: `request ${version}`,
  key: KEY,
  idempotencyKey: `org:${KEY}:${version}`,
  orgId: 'org',
  version,
  attempt: 0,
  originCaseId: '500000000000001AAA',
  baseRevision: version === 1 ? null : 1,
  values,
  owners: { Subject: 'Salesforce', Status: 'External' },
});

test('a first request makes a record with a new number, whose revision has a new mark', () => {
  const { after, answers, sends } = expectedOf(request(1, { Subject: ' a  leak ' }), NOTHING, RULES);
  assert.equal(after.record!.external_id, NEW_NUMBER);
  assert.deepEqual(after.record!.values, { Subject: 'a leak' });
  assert.deepEqual(after.record!.lineage, [NEW_MARK]);
  assert.deepEqual(
    answers.map(({ kind }) => kind),
    ['record'],
  );
  assert.deepEqual(sends, []);
});

test('a field that both sides changed goes to its owner, and the loss is told', () => {
  const { after } = expectedOf(request(1, { Subject: 'a leak', Status: 'New' }), NOTHING, RULES);
  const changed = { Subject: 'outside', Status: 'Working' };
  const record = { ...after.record!, revision: 2, values: changed };
  const history = [
    ...after.history,
    { ...after.history[0]!, revision: 2, values: changed, source: 'External' as const, request_values: null },
  ];
  const merged = expectedOf(
    request(2, { Subject: 'inside', Status: 'Escalated' }),
    { ...after, record, history },
    RULES,
  );
  assert.deepEqual(merged.after.record!.values, { Subject: 'inside', Status: 'Working' });
  assert.deepEqual(merged.after.history.at(-1)!.conflicts, [
    { field: 'Subject', owner: 'Salesforce', kept: 'inside', lost: 'outside' },
    { field: 'Status', owner: 'External', kept: 'Working', lost: 'Escalated' },
  ]);
});

test('the model writes and refuses values as the registry does', () => {
  const fields = fieldRules(readRules(SAMPLE.registryRules));
  const texts = ['', '  ', "st. mary's  road", 'STATEN ISLAND', 'a \r\nb\t\n', '12345', '12345-6789', '1234', 'Closed'];
  const others = [null, 91, -90, 40.123_456_789, '40.5', true, '2026-01-05T09:00:00.400Z', '2026-01-05', 'New'];
  for (const field of fields.keys())
    for (const value of [...texts, 'x'.repeat(1_001), ...others] as Scalar[]) {
      const values = { Subject: 'a leak', [field]: value };
      const kept = normalise(fields, values);
      assert.deepEqual(spelt(values), kept, `${field} of ${JSON.stringify(value)}`);
      const { errorCode = null, field: refused = null } = validate(fields, kept) ?? {};
      assert.deepEqual(refusalOf(kept) ?? { errorCode: null, field: null }, { errorCode, field: refused });
    }
});
