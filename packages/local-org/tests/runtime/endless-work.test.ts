/** Programs whose work in the library has no end, or no room, end by a limit; the org answers the next request. */
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { orgWith, request, run } from './org-fixture.ts';

const TOO_LONG = 'System.LimitException: String length exceeds maximum: 6000000';
const CPU = 'System.LimitException: Apex CPU time limit exceeded';
const HEAP = /^System\.LimitException: Apex heap size too large: \d+$/;
const DIGITS = 'System.LimitException: Decimal has more than 1000 digits';
const DEEP = 'System.LimitException: Maximum stack depth reached: 1001';
/** A list that holds one list twice, and so on: few objects, 2^30 places. */
const TREE = 'Object o = 1; for (Integer i = 0; i < 30; i++) o = new List<Object>{ o, o };';

const programs: Record<string, [apex: string, ending: string | RegExp]> = {
  repeat: ["'a'.repeat(2000000000).length();", TOO_LONG],
  'repeat with a separator': ["'abc'.repeat(',', 500000000).length();", TOO_LONG],
  padding: ["'a'.leftPad(2000000000).length();", TOO_LONG],
  centring: ["'a'.center(2000000000, 'x').length();", TOO_LONG],
  'a text that doubles': ["String s = 'aaaaaaaaaa'; for (Integer i = 0; i < 40; i++) s += s;", TOO_LONG],
  'a text that grows by replacement': ["'a'.repeat(5000).replace('a', 'b'.repeat(5000)).length();", TOO_LONG],
  'a text that grows by joining': [
    "List<String> l = new List<String>(); for (Integer i = 0; i < 7000; i++) l.add('a'.repeat(1000)); String.join(l, ',');",
    TOO_LONG,
  ],
  'a list that is added to itself': [
    'List<Integer> l = new List<Integer>{ 1 }; for (Integer i = 0; i < 40; i++) l.addAll(l);',
    HEAP,
  ],
  'a huge array': ['Integer[] a = new Integer[2147483647];', HEAP],
  'long searches in a list': [
    'Integer[] l = new Integer[1000000]; for (Integer i = 0; i < 1000000; i++) l.contains(1);',
    CPU,
  ],
  'sorting again and again': ['Integer[] l = new Integer[1000000]; while (true) l.sort();', CPU],
  'long texts again and again': ["String s = 'a'.repeat(5000000); while (true) s.toLowerCase();", CPU],
  'digests of long texts': [
    "Blob b = Blob.valueOf('a'.repeat(2900000)); while (true) Crypto.generateDigest('SHA-256', b);",
    CPU,
  ],
  'comparison of long texts': [
    "String a = 'a'.repeat(1900000) + 'A'; String b = 'a'.repeat(1900001); while (a == b) { }",
    CPU,
  ],
  'exceptions without end': [
    "while (true) { try { throw new IllegalArgumentException('a'); } catch (Exception again) { } }",
    CPU,
  ],
  'the distance of long texts': ["'a'.repeat(100000).getLevenshteinDistance('b'.repeat(100000));", CPU],
  powers: ['Decimal d = 1.5; d.pow(30000);', DIGITS],
  products: ['Decimal d = 9; for (Integer i = 0; i < 100; i++) d = d * d;', DIGITS],
  'numbers with huge exponents': ["Decimal.valueOf('1e999999999');", DIGITS],
  'text of a tree': [`${TREE} String.valueOf(o).length();`, CPU],
  'JSON of a tree': [`${TREE} JSON.serialize(o);`, TOO_LONG],
  'comparison of trees': [`${TREE} Object a = o; ${TREE.replace('Object o', 'o')} Boolean same = a == o;`, CPU],
  'hash of a tree': [`${TREE} Set<Object> s = new Set<Object>{ o };`, CPU],
  'a list in itself, compared': [
    'List<Object> a = new List<Object>(); a.add(a); List<Object> b = new List<Object>(); b.add(b); Boolean same = a == b;',
    DEEP,
  ],
};

describe('work of the library ends', () => {
  const fixture = orgWith({});
  after(() => fixture.close());

  for (const [name, [apex, ending]] of Object.entries(programs)) {
    test(name, async () => {
      const caught = `insert new Account(Name = 'lost'); try { ${apex} } catch (Exception e) { System.debug('caught'); }`;
      const exception = fixture.org.executeAnonymous(caught).exceptionMessage;
      if (typeof ending === 'string') assert.equal(exception, ending);
      else assert.match(exception ?? '', ending);
      const { body } = await request(fixture, 'GET', `/query?q=${encodeURIComponent('SELECT COUNT() FROM Account')}`);
      assert.equal(body.totalSize, 0);
    });
  }

  test('tags that nothing closes are looked at once', () => {
    assert.deepEqual(run(fixture, "System.debug(('<'.repeat(300000) + '>x').stripHtmlTags());"), ['x']);
    assert.deepEqual(run(fixture, "System.debug('<'.repeat(300000).stripHtmlTags().length());"), ['300000']);
  });

  test('elements that are compared by content leave a large set quickly', () => {
    const apex = `Set<List<Integer>> s = new Set<List<Integer>>();
      for (Integer i = 0; i < 20000; i++) s.add(new List<Integer>{ i });
      for (Integer i = 0; i < 20000; i++) s.remove(new List<Integer>{ i });
      System.debug(s.size());`;
    assert.deepEqual(run(fixture, apex), ['0']);
  });

  test('a debug log has at most 20 MB', () => {
    const { log } = fixture.org.executeAnonymous("for (Integer i = 0; i < 30; i++) System.debug('x'.repeat(1000000));");
    assert.ok(log.length < 21_000_000);
    assert.match(log, /MAXIMUM DEBUG LOG SIZE REACHED/);
  });

  test('queries that are too long or nested too deeply are refused at once', async () => {
    const answer = (condition: string): Promise<{ status: number; body: any }> =>
      request(fixture, 'GET', `/query?q=${encodeURIComponent(`SELECT Id FROM Account WHERE ${condition}`)}`);
    const deep = await answer(`${'('.repeat(5000)}Name = null${')'.repeat(5000)}`);
    assert.deepEqual([deep.status, deep.body[0].errorCode], [400, 'MALFORMED_QUERY']);
    const long = await answer(`Name = '${'x'.repeat(100_000)}'`);
    assert.deepEqual([long.status, long.body[0].errorCode], [400, 'MALFORMED_QUERY']);
    assert.equal((await answer(`((Name = '${'('.repeat(100)}'))`)).status, 200);
  });

  test('LIKE with many wildcards has an end, and the right answer', () => {
    const apex = `List<Account> all = new List<Account>();
      for (Integer i = 0; i < 50; i++) all.add(new Account(Name = 'A'.repeat(250)));
      all.add(new Account(Name = 'aXb_c%d'));
      insert all;
      String endless = '%a'.repeat(100) + 'b';
      System.debug([SELECT COUNT() FROM Account WHERE Name LIKE :endless]);
      System.debug([SELECT COUNT() FROM Account WHERE Name LIKE :'%a'.repeat(100)]);
      System.debug([SELECT COUNT() FROM Account WHERE Name LIKE :new List<String>{ endless, 'nothing' }]);
      System.debug([SELECT COUNT() FROM Account WHERE Name LIKE '%x%\\\\_%\\\\%%']);
      System.debug([SELECT COUNT() FROM Account WHERE NOT Name LIKE '%x%_%b%']);
      System.debug([SELECT COUNT() FROM Account WHERE Name LIKE '%b%b%b%']);
      for (Account a : all) a.Name = 'gone'; Database.rollback(Database.setSavepoint());
      delete all;`;
    assert.deepEqual(run(fixture, apex), ['0', '50', '0', '1', '51', '0']);
  });
});
