/** Answers that public test suites expect of every org. */
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { orgWith, run } from './org-fixture.ts';

describe('answers of an org', () => {
  const fixture = orgWith({
    'Half.cls': `public class Half {
      public Integer value = 1;
      public Boolean equals(Object other) { return ((Half) other).value == value; }
    }`,
    'Whole.cls': `public class Whole {
      public Integer value = 1;
      public Boolean equals(Object other) { return ((Whole) other).value == value; }
      public override Integer hashCode() { return value; }
    }`,
  });
  after(() => fixture.close());
  const shown = (expression: string): string => run(fixture, `System.debug(${expression});`).join();
  const failure = (apex: string): string | null => fixture.org.executeAnonymous(apex).exceptionMessage;

  const expressions: [expression: string, answer: string][] = [
    ['((Object) 9) instanceof Long', 'true'],
    ['((Object) 9) instanceof Decimal', 'true'],
    ['((Object) 9) instanceof Integer', 'true'],
    ['((Object) 9L) instanceof Integer', 'false'],
    ['((Object) 9.99) instanceof Double', 'true'],
    ['((Object) 9.99) instanceof Integer', 'false'],
    ['((Object) Date.newInstance(2026, 11, 21)) instanceof Datetime', 'true'],
    ['((Object) Date.newInstance(2026, 11, 21)) instanceof Date', 'true'],
    ["((Object) 'a') instanceof Long", 'false'],
    ['(Decimal) (Object) 9 / 2', '4.5'],
    ['((Datetime) (Object) Date.newInstance(2026, 11, 21)).getTime()', String(Date.UTC(2026, 10, 21))],
    ['String.valueOf(Date.newInstance(2026, 11, 21))', '2026-11-21'],
    ['String.valueOf((Object) Date.newInstance(2026, 11, 21))', '2026-11-21 00:00:00'],
    [
      "String.valueOf(new Opportunity(CloseDate = Date.newInstance(2026, 11, 21)).get('CloseDate'))",
      '2026-11-21 00:00:00',
    ],
    ['String.valueOf((Object) 1.50)', '1.50'],
    ['new Set<Half>{ new Half(), new Half() }.size()', '2'],
    ['new List<Half>{ new Half() }.contains(new Half())', 'true'],
    ['new Set<Whole>{ new Whole(), new Whole() }.size()', '1'],
  ];
  for (const [expression, answer] of expressions)
    test(`${expression} is ${answer}`, () => assert.equal(shown(expression), answer));

  test('an element without hashCode leaves its set', () => {
    const apex =
      "Half one = new Half(); Set<Half> s = new Set<Half>{ one, new Half() }; s.remove(one); System.debug(s.size() + ' ' + s.contains(one));";
    assert.deepEqual(run(fixture, apex), ['1 false']);
  });

  test('failures have the words of an org', () => {
    assert.equal(
      failure('Decimal d = 1.21; d.setScale(1, System.RoundingMode.UNNECESSARY);'),
      'System.MathException: Scale insufficient',
    );
    assert.equal(
      failure("Crypto.generateDigest('SHA-999', Blob.valueOf('a'));"),
      'System.SecurityException: SHA-999 MessageDigest not available',
    );
  });
});
