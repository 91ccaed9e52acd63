/** What the sync fields of one Case may say together (docs/case-protocol.md, "Fields on Case" and "States of a Case"). */

export interface StateOfCase {
  Id: string;
  Sync_Status__c: string | null;
  Sync_Pending__c: string | null;
  Sync_Version__c: number | null;
  Sync_Attempt__c: number | null;
  Sync_First_Attempt__c: number | null;
  Sync_Requested_At__c: string | null;
  Sync_Next_Attempt__c: string | null;
  Sync_Error_Code__c: string | null;
  External_Id__c: string | null;
}

export const STATE_FIELDS = [
  'Sync_Attempt__c',
  'Sync_First_Attempt__c',
  'Sync_Requested_At__c',
  'Sync_Next_Attempt__c',
] as const;

const MINUTE = 60_000;
/** Default setting: custom metadata Concord Setting. */
export const MAX_ATTEMPTS = 5;
const BACKOFF_MINUTES = { base: 5, longest: 240 };
/** Nobody refused anything: nothing came. */
export const GIVEN_UP: ReadonlySet<string> = new Set(['NO_ANSWER', 'NO_CONFIRMATION']);

/** Attempts of this wait before the present one. */
const attemptsBefore = (row: StateOfCase): number => (row.Sync_Attempt__c ?? 0) - (row.Sync_First_Attempt__c ?? 0);

/** How long a Case that was refused waits, by how many attempts of this wait were made before. */
export const backoffMinutes = (attempts: number): number =>
  Math.min(BACKOFF_MINUTES.base * 2 ** attempts, BACKOFF_MINUTES.longest);

const minutesBetween = (from: string | null, to: string | null): number =>
  (Date.parse(to ?? '') - Date.parse(from ?? '')) / MINUTE;

type Rule = readonly [what: string, holds: (row: StateOfCase, now: number) => boolean];

const isEmpty =
  (...fields: (keyof StateOfCase)[]): Rule[1] =>
  (row) =>
    fields.every((field) => row[field] === null);

const waitsFor =
  (...pending: (string | null)[]): Rule[1] =>
  ({ Sync_Pending__c: waiting }) =>
    pending.includes(waiting);

const RULES: Readonly<Record<string, readonly Rule[]>> = {
  Success: [
    ['waits for nothing', isEmpty('Sync_Pending__c', 'Sync_Next_Attempt__c')],
    ['has no error', isEmpty('Sync_Error_Code__c')],
    ['has an external id', ({ External_Id__c: id }) => id !== null],
  ],
  'In Progress': [
    ['waits for an answer or a confirmation', waitsFor('Request', 'WriteBack')],
    ['says since when it waits', ({ Sync_Requested_At__c: at }, now) => Date.parse(at ?? '') <= now],
    ['is due at no time', isEmpty('Sync_Next_Attempt__c')],
    // the last refusal is told until an answer, or another version, comes
    ['has no error at its first attempt', (row) => row.Sync_Error_Code__c === null || (row.Sync_Attempt__c ?? 0) > 0],
    ['has attempts within their bound', (row) => attemptsBefore(row) < MAX_ATTEMPTS],
  ],
  Failed: [
    ['has an error code', ({ Sync_Error_Code__c: code }) => code !== null],
    ['waits to be sent again, or for nothing', waitsFor('Retry', null)],
    ['is due when it waits', (row) => (row.Sync_Pending__c === null) === (row.Sync_Next_Attempt__c === null)],
    [
      'is due after a wait that doubles',
      (row) =>
        row.Sync_Pending__c === null ||
        minutesBetween(row.Sync_Requested_At__c, row.Sync_Next_Attempt__c) === backoffMinutes(attemptsBefore(row)),
    ],
    [
      'waits exactly as long as it has an attempt left',
      (row) => (row.Sync_Pending__c !== null) === attemptsBefore(row) + 1 < MAX_ATTEMPTS,
    ],
  ],
  'given up': [
    ['still waits for an answer or a confirmation', waitsFor('Request', 'WriteBack')],
    [
      'is due at the slow pace',
      ({ Sync_Next_Attempt__c: next }, now) => Date.parse(next ?? '') <= now + BACKOFF_MINUTES.longest * MINUTE,
    ],
    ['has used its attempts', (row) => attemptsBefore(row) + 1 >= MAX_ATTEMPTS],
  ],
  none: [['waits for nothing', isEmpty('Sync_Pending__c')]],
};

const stateOf = ({ Sync_Status__c: status, Sync_Error_Code__c: code }: StateOfCase): string => {
  if (status === 'Failed' && code !== null && GIVEN_UP.has(code)) return 'given up';
  return status ?? 'none';
};

/** What the sync fields of these Cases say that they must not say together, a line each. `now`: of the org's clock. */
export const brokenStates = (rows: readonly StateOfCase[], now: number): string[] =>
  rows.flatMap((row) =>
    [
      ['has an attempt at or after the first', (each: StateOfCase) => attemptsBefore(each) >= 0] satisfies Rule,
      ...(RULES[stateOf(row)] ?? []),
    ].flatMap(([what, holds]) =>
      holds(row, now)
        ? []
        : [
            `Case ${row.Id} is ${stateOf(row)} and not as one that ${what}: pending ${row.Sync_Pending__c}, attempt ${row.Sync_Attempt__c} of ${row.Sync_First_Attempt__c}, ` +
              `requested ${row.Sync_Requested_At__c}, due ${row.Sync_Next_Attempt__c}, ${row.Sync_Error_Code__c}, ${row.External_Id__c}`,
          ],
    ),
  );
