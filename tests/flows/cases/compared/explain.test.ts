import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { KINDS } from '../../../../src/flows/cases/compared/kinds.ts';
import { explain } from '../../../../src/flows/cases/compared/explain.ts';
import type { Trail, TrailEntry, TrailLetter } from '../../../../src/reconciliation/trail/types.ts';
import type { CaseKind, CaseState, RegistryState } from '../../../../src/flows/cases/compared/types.ts';

const NOON = Date.parse('2026-11-21T12:00:00Z');
const SECRET = 'a value that must not be told';

/** Version 3 here, based on revision 4; revision 5 outside. */
const inside: CaseState = {
  id: '500A',
  key: 'k',
  status: 'In Progress',
  version: 3,
  attempt: 0,
  pending: 'Request',
  requestedAt: NOON,
  modifiedAt: NOON,
  externalId: 'SR-1',
  externalRevision: 4,
  errorCode: null,
  values: { Subject: SECRET },
  digest: null,
};
const outside: RegistryState = {
  externalId: 'SR-1',
  key: 'k',
  revision: 5,
  requestVersion: 2,
  salesforceCaseId: '500A',
  originCaseId: '500A',
  syncStatus: 'Success',
  values: { Subject: SECRET },
  updatedAt: NOON,
  deleted: false,
  deletedInSalesforce: false,
  putAway: false,
};

/** One entry: minutes after noon, `target kind`, `v3` or `r5`, outcome, code. */
type Line = [minute: number, message: string, which: string, outcome: string, code?: string];

const number = (which: string, letter: string): number | null =>
  which.startsWith(letter) ? Number(which.slice(1)) : null;

const entry = ([minute, message, which, outcome, code = undefined]: Line): TrailEntry => {
  const [target, kind] = message.split(' ') as ['salesforce' | 'external', string];
  return {
    at: NOON + minute * 60_000,
    target,
    kind,
    version: number(which, 'v'),
    revision: number(which, 'r'),
    outcome,
    code: code ?? null,
  };
};

const letter = (message: string, which: string, code: string, attempts: number): TrailLetter => {
  const { at, target, kind, version, revision } = entry([9, message, which, '']);
  return { since: at, target, kind, version, revision, code, attempts };
};

interface Row {
  kind: CaseKind;
  name: string;
  inside?: Partial<CaseState> | null;
  outside?: Partial<RegistryState> | null;
  lines?: Line[];
  letters?: TrailLetter[];
  more?: boolean;
  cause: string | null;
}

const REQUEST = 'external request';
const RECORD = 'salesforce record';
const WRITE_BACK = 'external writeBack';
const CONFIRMED = 'salesforce writeBackConfirmed';
const ACCEPTED: Line[] = [
  [0, REQUEST, 'v3', 'QUEUED'],
  [1, REQUEST, 'v3', 'ACCEPTED'],
];
const WRITTEN: Line[] = [
  [2, WRITE_BACK, 'v3', 'QUEUED'],
  [3, WRITE_BACK, 'v3', 'ACCEPTED'],
];
const STORED: Line[] = [
  [4, RECORD, 'r5', 'QUEUED'],
  [5, RECORD, 'r5', 'APPLIED'],
];
const AT = (minute: number): string => `2026-11-21 12:0${minute}:00 UTC`;

const ROWS: Row[] = [
  {
    kind: 'stuck in progress',
    name: 'the request never left',
    lines: [[0, REQUEST, 'v2', 'ACCEPTED']],
    cause: 'No request of version 3 ever left: the middle layer has not seen it.',
  },
  {
    kind: 'stuck in progress',
    name: 'older entries were left out, so nothing can be said to have never happened',
    lines: [[0, REQUEST, 'v2', 'ACCEPTED']],
    more: true,
    cause: null,
  },
  {
    kind: 'stuck in progress',
    name: 'no answer came',
    lines: ACCEPTED,
    cause: `The request of version 3 was accepted by the external system at ${AT(1)}, and no answer came back.`,
  },
  {
    kind: 'stuck in progress',
    name: 'the request is a dead letter',
    lines: [ACCEPTED[0]!, [9, REQUEST, 'v3', 'REFUSED', 'VALIDATION']],
    letters: [letter(REQUEST, 'v3', 'VALIDATION', 8)],
    cause: `The request of version 3 is a dead letter since ${AT(9)}: refused with VALIDATION after 8 attempts.`,
  },
  {
    kind: 'stuck in progress',
    name: 'the external system was down',
    lines: [ACCEPTED[0]!, [2, REQUEST, 'v3', 'UNAVAILABLE', 'HTTP_503'], [3, REQUEST, 'v3', 'UNAVAILABLE', 'TIMEOUT']],
    cause: `The request of version 3 waits in the middle layer: the external system was unavailable at ${AT(3)} (TIMEOUT).`,
  },
  {
    kind: 'stuck in progress',
    name: 'the newest attempt counts',
    lines: [...ACCEPTED, [6, REQUEST, 'v3', 'QUEUED']],
    cause: `The request of version 3 waits in the queue of the middle layer since ${AT(6)}.`,
  },
  {
    kind: 'stuck in progress',
    name: 'the answer waits for Salesforce',
    lines: [...ACCEPTED, [2, RECORD, 'r5', 'QUEUED'], [3, RECORD, 'r5', 'DEFERRED', 'UNABLE_TO_LOCK_ROW']],
    cause: `The answer to version 3 waits in the middle layer: Salesforce put it off at ${AT(3)} (UNABLE_TO_LOCK_ROW).`,
  },
  {
    kind: 'stuck in progress',
    name: 'the answer was no answer to this version',
    lines: [...ACCEPTED, [2, RECORD, 'r5', 'QUEUED'], [3, RECORD, 'r5', 'RECORDED']],
    cause: `The request of version 3 was accepted by the external system at ${AT(1)}; its answer reached Salesforce at ${AT(3)}, which answered RECORDED.`,
  },
  {
    kind: 'lost write-back',
    name: 'it never left',
    inside: { pending: 'WriteBack' },
    lines: ACCEPTED,
    cause: 'No write-back of version 3 ever left: the middle layer has not seen it.',
  },
  {
    kind: 'lost write-back',
    name: 'it was accepted and lost',
    inside: { pending: 'WriteBack' },
    lines: [...ACCEPTED, ...WRITTEN],
    cause: `The write-back of version 3 was accepted by the external system at ${AT(3)}, and no confirmation came back.`,
  },
  {
    kind: 'lost write-back',
    name: 'it was there once',
    inside: { pending: null, status: 'Success' },
    lines: [...WRITTEN, [4, CONFIRMED, 'v3', 'QUEUED'], [5, CONFIRMED, 'v3', 'APPLIED']],
    cause: `The write-back of version 3 was confirmed at ${AT(4)}; the external record has lost the Case id since, past the registry.`,
  },
  {
    kind: 'lost acknowledgement',
    name: 'the confirmation of the write-back got lost',
    inside: { pending: 'WriteBack' },
    lines: WRITTEN,
    cause: `The write-back of version 3 was accepted by the external system at ${AT(3)}, and no confirmation came back.`,
  },
  {
    kind: 'lost acknowledgement',
    name: 'the confirmation waits',
    inside: { pending: 'WriteBack' },
    lines: [...WRITTEN, [4, CONFIRMED, 'v3', 'QUEUED']],
    cause: `The confirmation of the write-back of version 3 waits in the queue of the middle layer since ${AT(4)}.`,
  },
  {
    kind: 'lost acknowledgement',
    name: 'the acknowledgement was accepted and lost',
    inside: { pending: null, status: 'Success' },
    lines: [...STORED, [6, 'external acknowledge', 'r5', 'QUEUED'], [7, 'external acknowledge', 'r5', 'ACCEPTED']],
    cause: `The acknowledgement of revision 5 was accepted by the external system at ${AT(7)}, and its record does not show it.`,
  },
  {
    kind: 'lost acknowledgement',
    name: 'the acknowledgement left beside a write-back, and was accepted and lost',
    inside: { pending: null, status: 'Success' },
    lines: [...STORED, [6, 'external writeBack', 'r5', 'QUEUED'], [7, 'external writeBack', 'r5', 'ACCEPTED']],
    cause: `The acknowledgement of revision 5 was accepted by the external system at ${AT(7)}, and its record does not show it.`,
  },
  {
    kind: 'lost acknowledgement',
    name: 'there was nothing to acknowledge',
    inside: { pending: null, status: 'Success' },
    lines: [[1, RECORD, 'r4', 'APPLIED']],
    cause: `No record of revision 5 ever reached the middle layer: the newest it knows is 4, of ${AT(1)}.`,
  },
  {
    kind: 'missing in Salesforce',
    name: 'the record never came',
    inside: null,
    cause: 'No record of revision 5 ever reached the middle layer.',
  },
  {
    kind: 'missing in Salesforce',
    name: 'Salesforce refused it for good',
    inside: null,
    letters: [letter(RECORD, 'r5', 'REQUIRED_FIELD_MISSING', 8)],
    cause: `The record of revision 5 is a dead letter since ${AT(9)}: refused with REQUIRED_FIELD_MISSING after 8 attempts.`,
  },
  {
    kind: 'missing in Salesforce',
    name: 'the Case was there',
    inside: null,
    lines: [STORED[0]!, [5, RECORD, 'r5', 'CREATED']],
    cause: `Salesforce answered CREATED to revision 5 at ${AT(5)} and has no such Case any more: it was removed past its trigger, or Salesforce was restored to an earlier state.`,
  },
  {
    kind: 'missing outside',
    name: 'it was there',
    outside: null,
    lines: STORED,
    cause: `The external system told of revision 5 at ${AT(5)} and has no such record any more: it was removed there, or restored to an earlier state.`,
  },
  {
    kind: 'missing outside',
    name: 'it never was',
    outside: null,
    lines: ACCEPTED,
    cause: 'The external system never told of a record: nothing in the audit trail has come from there.',
  },
  {
    kind: 'field mismatch',
    name: 'no message did it',
    inside: { externalRevision: 5, pending: null },
    lines: STORED,
    cause: `Nothing in the audit trail changed this record since revision 5, stored at ${AT(5)}: it was changed past the registry.`,
  },
  {
    kind: 'field mismatch',
    name: 'Salesforce took the number only',
    inside: { externalRevision: 5, pending: null },
    lines: [STORED[0]!, [5, RECORD, 'r5', 'RECORDED']],
    cause: `Salesforce answered RECORDED to revision 5 at ${AT(5)}: it took number and revision, not the values.`,
  },
  { kind: 'field mismatch', name: 'nothing is known', inside: { externalRevision: 5 }, cause: null },
  {
    kind: 'version skew',
    name: 'the record never came',
    lines: [[1, RECORD, 'r4', 'APPLIED']],
    cause: `No record of revision 5 ever reached the middle layer: the newest it knows is 4, of ${AT(1)}.`,
  },
  {
    kind: 'version skew',
    name: 'Salesforce keeps refusing it',
    lines: [
      STORED[0]!,
      [5, RECORD, 'r5', 'REFUSED', 'STRING_TOO_LONG'],
      [6, RECORD, 'r5', 'REFUSED', 'STRING_TOO_LONG'],
    ],
    cause: `The record of revision 5 was refused by Salesforce with STRING_TOO_LONG at ${AT(6)}, 2 times so far; it is sent again.`,
  },
  {
    kind: 'version skew',
    name: 'the external system went back in time',
    inside: { externalRevision: 5 },
    outside: { revision: 3 },
    lines: STORED,
    cause: `Salesforce stored revision 5 at ${AT(5)}, outside it is 3: the external system was restored to an earlier state.`,
  },
  {
    kind: 'version skew',
    name: 'Salesforce went back in time',
    lines: STORED,
    cause: `Salesforce answered APPLIED to revision 5 at ${AT(5)} and knows 4 now: it was restored to an earlier state.`,
  },
  {
    kind: 'bypassed trigger',
    name: 'the last that the trail knows',
    lines: [...ACCEPTED, ...STORED],
    cause: `Nothing in the audit trail changed this Case since revision 5, stored at ${AT(5)}: it was changed past the trigger.`,
  },
  {
    kind: 'bypassed trigger',
    name: 'a request may be the last',
    lines: ACCEPTED,
    cause: `Nothing in the audit trail changed this Case since version 3, requested at ${AT(0)}: it was changed past the trigger.`,
  },
  {
    kind: 'failed',
    name: 'the external system refused the version',
    inside: { status: 'Failed', errorCode: 'UNKNOWN_VALUE' },
    lines: [...ACCEPTED, [4, 'salesforce refused', 'v3', 'QUEUED'], [5, 'salesforce refused', 'v3', 'APPLIED']],
    cause: `The external system refused version 3 with UNKNOWN_VALUE; its refusal came at ${AT(4)}.`,
  },
  {
    kind: 'failed',
    name: 'Salesforce refused the answer',
    inside: { status: 'Failed', errorCode: 'STRING_TOO_LONG' },
    lines: [...ACCEPTED, STORED[0]!, [5, RECORD, 'r5', 'REFUSED', 'STRING_TOO_LONG']],
    cause: `Salesforce refused revision 5 with STRING_TOO_LONG at ${AT(5)}.`,
  },
  {
    kind: 'stuck in progress',
    name: 'the job gave it up',
    inside: { status: 'Failed', pending: 'Request', errorCode: 'NO_ANSWER' },
    lines: ACCEPTED,
    cause: `The request of version 3 was accepted by the external system at ${AT(1)}, and no answer came back.`,
  },
  {
    kind: 'lost write-back',
    name: 'the job gave the write-back up',
    inside: { status: 'Failed', pending: 'WriteBack', errorCode: 'NO_CONFIRMATION' },
    lines: [...ACCEPTED, ...STORED],
    cause: 'No write-back of version 3 ever left: the middle layer has not seen it.',
  },
  {
    kind: 'duplicate',
    name: 'Salesforce made two Cases',
    lines: [
      [1, RECORD, 'r1', 'CREATED'],
      [3, RECORD, 'r1', 'CREATED'],
    ],
    cause: `Salesforce made a Case for this record at ${AT(1)} and again at ${AT(3)}.`,
  },
  {
    kind: 'state not stored',
    name: 'a rule of the org refused the state',
    outside: { revision: 5 },
    lines: [...ACCEPTED, ...STORED],
    cause: `Salesforce took revision 5 at ${AT(5)}; a rule of the org did not let its state be stored on the Case.`,
  },
  { kind: 'duplicate', name: 'it made one', lines: [[1, RECORD, 'r1', 'CREATED']], cause: null },
  {
    kind: 'orphaned by deletion',
    name: 'both know of the deletion outside',
    outside: { deleted: true },
    lines: [
      [1, 'salesforce deleted', 'r6', 'QUEUED'],
      [2, 'salesforce deleted', 'r6', 'RECORDED'],
    ],
    cause: `The deletion outside was told to Salesforce at ${AT(2)}; the Case stays until a person decides.`,
  },
  {
    kind: 'orphaned by deletion',
    name: 'the deletion here waits',
    inside: null,
    lines: [
      [1, 'external deletion', '', 'QUEUED'],
      [2, 'external deletion', '', 'UNAVAILABLE', 'HTTP_503'],
    ],
    cause: `The deletion of the Case waits in the middle layer: the external system was unavailable at ${AT(2)} (HTTP_503).`,
  },
  {
    kind: 'orphaned by deletion',
    name: 'nobody told',
    inside: null,
    cause: 'The deletion of the Case was never told: the middle layer has not seen it.',
  },
];

describe('the cause of a discrepancy', () => {
  for (const row of ROWS) {
    it(`${row.kind}: ${row.name}`, () => {
      const trail: Trail = {
        entries: (row.lines ?? []).map(entry),
        letters: row.letters ?? [],
        more: row.more ?? false,
      };
      const told = explain(
        {
          discrepancy: {
            kind: row.kind,
            key: 'k',
            recordId: '500A',
            externalId: 'SR-1',
            fields: [{ field: 'Subject', owner: 'Salesforce', salesforce: SECRET, external: SECRET }],
            detail: SECRET,
          },
          salesforce: row.inside === null ? null : { ...inside, ...row.inside },
          external: row.outside === null ? null : { ...outside, ...row.outside },
        },
        trail,
      );
      assert.equal(told, row.cause);
    });
  }

  it('is told of every kind', () => {
    const told = new Set(ROWS.filter(({ cause }) => cause !== null).map(({ kind }) => kind));
    assert.deepEqual(
      Object.keys(KINDS).filter((kind) => !told.has(kind as CaseKind)),
      [],
    );
  });

  it('never repeats what stands in the place of a code and is none', () => {
    const entries = [entry(ACCEPTED[0]!), entry([2, REQUEST, 'v3', 'REFUSED', `bad value: ${SECRET}`])];
    const told = explain(
      {
        discrepancy: {
          kind: 'stuck in progress',
          key: 'k',
          recordId: null,
          externalId: null,
          fields: [],
          detail: '',
        },
        salesforce: inside,
        external: outside,
      },
      { entries, letters: [], more: false },
    );
    assert.match(told!, /refused by the external system with an unnamed code at/);
  });

  it('fits its field in the org', () => {
    for (const { cause } of ROWS) assert.ok((cause ?? '').length <= 255, cause!);
  });
});
