/** Which lines of Apex run outside of tests: an org that was made to count them tells. */
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { ManualClock } from 'kernel/clock.ts';
import { seededRandom } from 'kernel/random.ts';
import type { LocalOrg } from '../../src/index.ts';
import { orgWith, run, START } from './org-fixture.ts';

const FILES = {
  'Maths.cls': `public class Maths {
  public static Integer half(Integer n) {
    if (n < 0) {
      return -half(-n);
    }
    return n / 2;
  }
}`,
  'MathsTest.cls':
    '@IsTest\nprivate class MathsTest {\n  @IsTest\n  static void works() {\n    Maths.half(-4);\n  }\n}',
};

const ran = (org: LocalOrg): unknown => org.takeCoverage().map(({ name, covered }) => [name, covered]);

describe('an org that counts lines', () => {
  const fixture = orgWith(FILES, { coverage: true });
  after(() => fixture.close());

  test('tells those that ran since it was last asked', () => {
    run(fixture, 'Maths.half(4);');
    assert.deepEqual(ran(fixture.org), [['Maths', [3, 6]]]);
    assert.deepEqual(ran(fixture.org), [['Maths', []]]);
  });

  test('counts with its copies, and not what tests run', () => {
    const copy = fixture.org.copy({ clock: new ManualClock(START), random: seededRandom(1) });
    copy.executeAnonymous('Maths.half(-4);');
    fixture.org.runTests({ coverage: true });
    assert.deepEqual(ran(fixture.org), [['Maths', [3, 4, 6]]]);
    copy.executeAnonymous('Maths.half(4);');
    fixture.org.runTests();
    assert.deepEqual(ran(copy), [['Maths', [3, 6]]]);
    copy.close();
  });
});

test('an org that was not made to count lines has none', () => {
  const fixture = orgWith(FILES);
  run(fixture, 'Maths.half(4);');
  assert.deepEqual(fixture.org.takeCoverage(), []);
  fixture.close();
});
