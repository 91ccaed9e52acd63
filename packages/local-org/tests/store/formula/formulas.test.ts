import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Formulas } from '../../../src/store/formula/formulas.ts';
import { standardObjects } from '../../../src/store/schema/standard-objects.ts';
import type { ObjectSchema, Value } from '../../../src/store/types.ts';
import { ManualClock } from 'kernel/clock.ts';
import { NOW } from '../open.ts';

const objects = new Map(standardObjects().map((object): [string, ObjectSchema] => [object.name.toLowerCase(), object]));
const byKeyPrefix = new Map([...objects.values()].map((object) => [object.keyPrefix, object]));
const CASE = objects.get('case')!;
const USER = '005000000000001AAA';

const formulas = new Formulas({ objects, byKeyPrefix }, new ManualClock(NOW), {
  read: (object, id) => ({
    object: object.name,
    id,
    values: new Map<string, Value>([
      ['Name', `${object.name} ${id.slice(-4, -3)}`],
      ['ProfileId', '00e000000000002AAA'],
    ]),
  }),
  hasPermission: (_userId, permission) => permission === 'Held',
});

const values: Record<string, Value> = {
  Subject: 'Water leak',
  Status: 'New',
  Priority: 'High',
  IsEscalated: true,
  Description: null,
  AccountId: '001000000000007AAA',
  OwnerId: USER,
  CreatedDate: Date.parse('2026-01-01T08:00:00Z'),
};
const before: Record<string, Value> = { ...values, Status: 'Working', Subject: 'Water' };

/** The value of a formula for a case that is being changed, or inserted. */
const evaluate = (formula: string, isNew = false): Value =>
  formulas.evaluate(
    formula,
    {
      object: CASE,
      userId: USER,
      isNew,
      value: (name) => values[name] ?? null,
      prior: (name) => before[name] ?? null,
      spend: () => {},
    },
    'test',
  );

describe('formulas', () => {
  const cases: Record<string, [formula: string, value: Value][]> = {
    operators: [
      ['1 + 2 * 3', 7],
      ['(1 + 2) * 3', 9],
      ['7 - 2 - 1', 4],
      ['2 ^ 3', 8],
      ['10 / 4', 2.5],
      ['1 / 0', null],
      ['"a" & "b"', 'ab'],
      ['"a" + "b"', 'ab'],
      ['1 < 2', true],
      ['2 >= 3', false],
      ['"a" = "A"', false],
      ['"a" <> "b"', true],
      ['TRUE && NOT(FALSE)', true],
      ['FALSE || TRUE', true],
      ['1 + Description', null],
      ['Subject & Description', 'Water leak'],
      ['/* why */ 5', 5],
      ['TODAY() - DATE(2026, 1, 1)', 14],
      ['DATE(2026, 1, 31) + 1 = DATE(2026, 2, 1)', true],
    ],
    'logical functions': [
      ['IF(IsEscalated, "up", "down")', 'up'],
      ['IF(ISBLANK(Description), 1, 1 / 0)', 1],
      ['CASE(TEXT(Priority), "Low", 1, "High", 3, 0)', 3],
      ['CASE("x", "y", 1, 9)', 9],
      ['AND(TRUE, 1 = 1, FALSE)', false],
      ['OR(FALSE, 1 = 1)', true],
      ['ISBLANK(Subject)', false],
      ['ISNULL(Description)', true],
      ['BLANKVALUE(Description, "none")', 'none'],
      ['NULLVALUE(Subject, "none")', 'Water leak'],
      ['ISNUMBER("1.5")', true],
      ['ISNUMBER("1,5")', false],
      ['ISPICKVAL(Status, "New")', true],
      ['ISPICKVAL(Status, "new")', false],
    ],
    changes: [
      ['ISCHANGED(Status)', true],
      ['ISCHANGED(Priority)', false],
      ['PRIORVALUE(Status)', 'Working'],
      ['ISNEW()', false],
      ['AND(ISCHANGED(Status), ISPICKVAL(PRIORVALUE(Status), "Working"))', true],
    ],
    text: [
      ['BEGINS(Subject, "Wat")', true],
      ['CONTAINS(Subject, "leak")', true],
      ['FIND("e", Subject)', 4],
      ['FIND("e", Subject, 5)', 8],
      ['LEFT(Subject, 5)', 'Water'],
      ['RIGHT(Subject, 4)', 'leak'],
      ['MID(Subject, 7, 2)', 'le'],
      ['LEN(Subject)', 10],
      ['LEN(Description)', 0],
      ['UPPER("ab") & LOWER("CD")', 'ABcd'],
      ['TRIM("  a ")', 'a'],
      ['LPAD("7", 3, "0")', '007'],
      ['RPAD("7", 3)', '7  '],
      ['LPAD("1234", 2)', '12'],
      ['SUBSTITUTE("a-b-c", "-", "+")', 'a+b+c'],
      ['TEXT(12.5)', '12.5'],
      ['TEXT(DATE(2026, 1, 5))', '2026-01-05'],
      ['VALUE("42")', 42],
      ['VALUE("x")', null],
      ['REGEX("10115", "[0-9]{5}")', true],
      ['REGEX("10115x", "[0-9]{5}")', false],
      ['"a" & BR() & "b"', 'a\nb'],
      ['LEN(CASESAFEID("001000000000007"))', 18],
    ],
    numbers: [
      ['ROUND(2.345, 2)', 2.35],
      ['ROUND(-2.5, 0)', -3],
      ['CEILING(1.2)', 2],
      ['CEILING(-1.2)', -2],
      ['MCEILING(-1.2)', -1],
      ['FLOOR(1.8)', 1],
      ['FLOOR(-1.8)', -1],
      ['MFLOOR(-1.8)', -2],
      ['MOD(7, 3)', 1],
      ['MAX(1, 3, 2)', 3],
      ['MIN(1, 3, 2)', 1],
      ['ABS(-4)', 4],
      ['SQRT(9)', 3],
      ['TRUNC(2.789, 1)', 2.7],
      ['MAX(1, Description)', null],
    ],
    dates: [
      ['TODAY()', '2026-01-15'],
      ['NOW()', NOW],
      ['YEAR(TODAY())', 2026],
      ['MONTH(TODAY())', 1],
      ['DAY(TODAY())', 15],
      ['WEEKDAY(TODAY())', 5],
      ['ADDMONTHS(DATE(2026, 1, 31), 1)', '2026-02-28'],
      ['DATEVALUE("2026-03-01")', '2026-03-01'],
      ['DATEVALUE(CreatedDate)', '2026-01-01'],
      ['HOUR(NOW())', 10],
      ['NOW() - CreatedDate > 14', true],
      ['DATEVALUE("nonsense")', null],
    ],
    'other records': [
      ['Account.Name', 'Account 7'],
      ['$User.Name', 'User 1'],
      ['$Profile.Name', 'Profile 2'],
      ['$Permission.Held', true],
      ['$Permission.Missing', false],
    ],
  };
  for (const [what, examples] of Object.entries(cases)) {
    describe(what, () => {
      for (const [formula, value] of examples) it(formula, () => assert.deepEqual(evaluate(formula), value));
    });
  }

  it('know no change of a new record', () => {
    assert.deepEqual(
      ['ISNEW()', 'ISCHANGED(Status)', 'PRIORVALUE(Status)'].map((formula) => evaluate(formula, true)),
      [true, false, 'New'],
    );
  });

  it('that cannot be evaluated say why', () => {
    const unusable: [formula: string, message: RegExp][] = [
      ['VLOOKUP(1, 2, 3)', /^test: the function VLOOKUP is not supported/],
      ['Ghost__c = 1', /Case has no field Ghost__c/],
      ['Ghost__r.Name', /Case has no relationship Ghost__r/],
      ['1 +', /Syntax error/],
      ['$Setup.X', /global variable \$Setup is not supported/],
      ['ISBLANK(Account.BillingAddress)', /read the parts of BillingAddress, not all of it/],
      ['TRUE + 1', /Incorrect parameter types/],
    ];
    for (const [formula, message] of unusable)
      assert.throws(() => evaluate(formula), { code: 'INVALID_FORMULA', message });
  });
});
