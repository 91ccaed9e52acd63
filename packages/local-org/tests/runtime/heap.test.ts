/** The size of the heap: what counts, until when, and where the limit ends a transaction. */
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { orgWith, query, request, run } from './org-fixture.ts';

const TOO_LARGE = /^System\.LimitException: Apex heap size too large: (\d+)$/;
/** 70 texts of 100,000 characters, no two the same. */
const SEVEN_MEGABYTES = "for (Integer i = 0; i < 70; i++) texts.add(i + 'x'.repeat(100000));";

const CLASSES = {
  'Work.cls': `public class Work implements Queueable {
  public static String kept;
  public static void keep(Integer size) { kept = 'k'.repeat(size); }
  public static Integer heapWithin(String text) { String other = 'o'.repeat(1000000); return Limits.getHeapSize(); }
  public static Account named(Account record) { record.Description = 'd'.repeat(1000000); return record; }
  Integer turns;
  public Work(Integer turns) { this.turns = turns; }
  public void execute(QueueableContext context) {
    List<String> texts = new List<String>();
    for (Integer i = 0; i < turns; i++) texts.add(i + 'x'.repeat(100000));
    insert new Account(Name = 'queued ' + turns);
  }
  @future public static void later() {
    List<String> texts = new List<String>();
    ${SEVEN_MEGABYTES}
    insert new Account(Name = 'future ' + texts.size());
  }
}`,
  'Parser.cls': `public class Parser {
  String text;
  public Parser(Integer size) { text = 'p'.repeat(size); }
  public Integer run() { Integer i = 0; List<String> none = new List<String>(); return Limits.getHeapSize() + i; }
}`,
  'OnAccount.trigger': `trigger OnAccount on Account (before insert) {
  String local = 'l'.repeat(300000);
  System.debug('in trigger ' + Limits.getHeapSize());
  List<String> copies = new List<String>();
  for (Account record : Trigger.new) if (record.Description != null) copies.add(record.Description);
  System.debug('with copies ' + Limits.getHeapSize());
}`,
  'Texts.cls': `@RestResource(urlMapping='/page/*')
global class Texts {
  @HttpGet global static List<String> show() {
    List<String> texts = new List<String>();
    for (Integer i = 0; i < Integer.valueOf(RestContext.request.params.get('n')); i++) texts.add(i + 'x'.repeat(100000));
    return texts;
  }
  @HttpPost global static Integer size() { return Limits.getHeapSize(); }
}`,
};

describe('heap', () => {
  const fixture = orgWith(CLASSES);
  after(() => fixture.close());
  const heap = (apex: string): number[] =>
    run(fixture, apex).flatMap((line) => (/\d+$/.test(line) ? [Number(/\d+$/.exec(line)![0])] : []));
  const exception = (apex: string): string => fixture.org.executeAnonymous(apex).exceptionMessage ?? '';
  const near = (actual: number | undefined, expected: number): void =>
    assert.ok(actual! >= expected && actual! < expected + 20_000, `${actual} is not about ${expected}`);

  test('a text counts its characters, whatever they are, and a Blob its bytes', () => {
    const [empty, ascii, wide, blob] = heap(`System.debug(Limits.getHeapSize());
      String a = 'x'.repeat(100000); System.debug(Limits.getHeapSize());
      String b = 'é'.repeat(100000); System.debug(Limits.getHeapSize());
      Blob c = Blob.valueOf('é'.repeat(100000)); System.debug(Limits.getHeapSize());`);
    near(empty, 0);
    near(ascii, 100_000);
    near(wide, 200_000);
    near(blob, 400_000);
  });

  test('a value that many hold counts once; a map that was emptied lets go of its values', () => {
    const [one, filled, emptied, none] = heap(`String text = 'x'.repeat(1000000); String other = text;
      List<String> texts = new List<String>{ text, other, text }; Account a = new Account(Description = text);
      System.debug(Limits.getHeapSize());
      Map<Integer, String> m = new Map<Integer, String>();
      for (Integer i = 0; i < 20; i++) m.put(i, i + 'y'.repeat(100000));
      System.debug(Limits.getHeapSize());
      m.clear(); System.debug(Limits.getHeapSize());
      text = null; other = null; texts.clear(); a.Description = null; System.debug(Limits.getHeapSize());`);
    near(one, 1_000_000);
    near(filled, 3_000_000);
    near(emptied, 1_000_000);
    near(none, 0);
  });

  test('variables count while their method runs, those of its callers too, and static ones until they are emptied', () => {
    const [within, after, kept, parser, gone] = heap(`String mine = 'm'.repeat(500000);
      System.debug(Work.heapWithin('a'.repeat(2000000))); System.debug(Limits.getHeapSize());
      Work.keep(700000); System.debug(Limits.getHeapSize());
      System.debug(new Parser(300000).run());
      Work.kept = null; System.debug(Limits.getHeapSize());`);
    near(within, 3_500_000);
    near(after, 500_000);
    near(kept, 1_200_000);
    near(parser, 1_500_000);
    near(gone, 500_000);
  });

  test('collections count four bytes an element, and numbers eight', () => {
    const [places, numbers] = heap(`Integer[] a = new Integer[100000]; System.debug(Limits.getHeapSize());
      for (Integer i = 0; i < 100000; i++) a[i] = i; System.debug(Limits.getHeapSize());`);
    near(places, 400_000);
    near(numbers, 1_200_000);
  });

  test('a trigger sees static variables and its own, not those of the code that saved, and its records count nothing', () => {
    const [before, trigger, copies, then] = heap(`Work.keep(100000);
      Account record = Work.named(new Account(Name = 'a')); record.Description = 'd'.repeat(30000);
      String mine = 'm'.repeat(4000000); System.debug(Limits.getHeapSize());
      insert record; System.debug(Limits.getHeapSize());`);
    near(before, 4_130_000);
    near(trigger, 400_000);
    near(copies, 430_000);
    near(then, 4_130_000);
  });

  test('more than 6 MB end a synchronous transaction, and nothing catches it', async () => {
    const message = exception(`List<String> texts = new List<String>();
      insert new Account(Name = 'lost'); try { ${SEVEN_MEGABYTES} } catch (Exception e) { System.debug('caught'); }`);
    const size = Number(TOO_LARGE.exec(message)?.[1]);
    assert.ok(size > 6_000_000 && size < 7_000_000, message);
    assert.deepEqual(await query(fixture, "SELECT Id FROM Account WHERE Name = 'lost'"), []);
  });

  test('what is let go may be as much as it likes', () => {
    assert.equal(exception("for (Integer i = 0; i < 300; i++) { String text = i + 'x'.repeat(100000); }"), '');
    assert.equal(
      exception(`Map<Integer, String> m = new Map<Integer, String>();
        for (Integer i = 0; i < 300; i++) { if (m.size() == 20) m.clear(); m.put(i, i + 'x'.repeat(100000)); }`),
      '',
    );
  });

  test('small values fill it as well: texts, records, objects, JSON', () => {
    const programs = [
      "List<String> all = new List<String>(); for (Integer i = 0; i < 200000; i++) all.add('a text of some characters ' + i);",
      "List<Account> all = new List<Account>(); for (Integer i = 0; i < 100000; i++) all.add(new Account(Name = 'a name of some characters ' + i, Site = 'a site of some characters ' + i));",
      'List<Object> all = new List<Object>(); for (Integer i = 0; i < 300000; i++) all.add(new List<Integer>{ i });',
      'List<Parser> all = new List<Parser>(); for (Integer i = 0; i < 300000; i++) all.add(new Parser(1 + Math.mod(i, 60)));',
      `String json = '["' + String.join('0123456789'.repeat(20000).split('5'), '","') + '"]';
       List<Object> all = new List<Object>(); for (Integer i = 0; i < 100; i++) all.add(JSON.deserializeUntyped(json));`,
    ];
    for (const program of programs) assert.match(exception(program), TOO_LARGE, program);
  });

  test('asynchronous Apex may hold 12 MB', async () => {
    run(fixture, 'System.enqueueJob(new Work(70)); System.enqueueJob(new Work(130)); Work.later();');
    fixture.org.runDue();
    const names = await query(
      fixture,
      "SELECT Name FROM Account WHERE Name LIKE 'queued%' OR Name LIKE 'future%' ORDER BY Name",
    );
    assert.deepEqual(
      names.map((row) => row.Name),
      ['future 70', 'queued 70'],
    );
    const [failed] = await query(fixture, "SELECT ExtendedStatus FROM AsyncApexJob WHERE Status = 'Failed'");
    assert.match(String(failed!['ExtendedStatus']), /Apex heap size too large: 1[23]\d{6}$/);
  });

  test('records of a query count each text of their own; a loop over a query holds one batch at a time', () => {
    for (let i = 0; i < 8; i++)
      run(
        fixture,
        `List<Account> made = new List<Account>();
         for (Integer i = 0; i < 30; i++) made.add(new Account(Name = 'long', Description = 'd'.repeat(30000)));
         insert made;`,
      );
    const select = "[SELECT Description FROM Account WHERE Name = 'long']";
    assert.match(exception(`List<Account> all = ${select}; System.debug(all.size());`), TOO_LARGE);
    assert.deepEqual(
      run(fixture, `Integer sum = 0; for (Account a : ${select}) sum += a.Description.length(); System.debug(sum);`),
      ['7200000'],
    );
  });

  test('the answer of Apex REST counts, and its request', async () => {
    const get = (n: number) => request(fixture, 'GET', `/services/apexrest/page/?n=${n}`);
    assert.equal((await get(40)).status, 200);
    const { status, body } = await get(70);
    assert.equal(status, 500);
    assert.match(body[0].message, /Apex heap size too large/);
    const { body: size } = await request(fixture, 'POST', '/services/apexrest/page/', undefined);
    near(size, 0);
  });
});
