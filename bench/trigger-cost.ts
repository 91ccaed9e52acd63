/**
 * What does Concord's trigger take of a host's transaction that saves 200 Cases? Measured within the transaction, by
 * System.Limits: queries, DML, CPU time and heap as the local org counts them (statements and library work, not time, so
 * the figures do not depend on the machine). The heap is what the triggers leave in static variables when the save has
 * ended. The cost holds for the local org's Apex; what carries over is the ratio between the saves, that queries and DML
 * do not grow with the records, and the heap not with their texts.
 */
import type { LocalOrg } from 'local-org';
import { print, printTable } from './support/figures.ts';
import { openBenchOrg } from './support/org.ts';

const CASES = 200;
/** Characters of a Description. */
const TEXTS = [4_000, 32_000];

/** The part of the limits that one save used, as the transaction itself sees it. */
const MEASURED = `
Integer queries = Limits.getQueries();
Integer dml = Limits.getDmlStatements();
Integer rows = Limits.getDmlRows();
Integer cpu = Limits.getCpuTime();
Integer heap = Limits.getHeapSize();
SAVE
System.debug('MEASURED ' + (Limits.getQueries() - queries) + ' ' + (Limits.getDmlStatements() - dml - 1) + ' '
    + (Limits.getDmlRows() - rows - cases.size()) + ' ' + (Limits.getCpuTime() - cpu) + ' '
    + (Limits.getHeapSize() - heap));
`;

/** Without the Descriptions: 200 of 32,000 characters are more than the host could hold itself. */
const FOUND = `List<Case> cases = [SELECT Id, Subject, Priority, SuppliedName FROM Case LIMIT ${CASES}];`;

const saves = (characters: number): (readonly [name: string, before: string, save: string])[] => [
  [
    'insert',
    `List<Case> cases = new List<Case>();
     String text = 'x'.repeat(${characters});
     for (Integer i = 0; i < ${CASES}; i++) cases.add(new Case(Subject = 'Case ' + i, Description = text));`,
    'insert cases;',
  ],
  ['update, no synced value', `${FOUND} for (Case c : cases) c.SuppliedName = 'Somebody';`, 'update cases;'],
  ['update, one synced value', `${FOUND} for (Case c : cases) c.Subject = c.Subject + '!';`, 'update cases;'],
  ['update that changes nothing', FOUND, 'update cases;'],
  ['delete', FOUND, 'delete cases;'],
];

const measure = (org: LocalOrg, name: string, before: string, save: string): string[] => {
  const { success, log, exceptionMessage, compileProblem } = org.executeAnonymous(
    before + MEASURED.replace('SAVE', save),
  );
  if (!success) throw new Error(`${name}: ${exceptionMessage ?? compileProblem}`);
  const figures = /MEASURED (\d+) (\d+) (\d+) (\d+) (-?\d+)/.exec(log)?.slice(1);
  if (!figures) throw new Error(`${name}: nothing was measured`);
  const [queries, dml, dmlRows, cpu, heap] = figures as [string, string, string, string, string];
  return [name, queries, dml, dmlRows, `${cpu} ms`, heap];
};

export const benchTriggerCost = async (): Promise<void> => {
  const { org } = openBenchOrg();
  try {
    for (const characters of TEXTS) {
      print(
        `trigger-cost: what the triggers of Case take of a host's transaction, ${CASES} Cases with ${characters} characters each`,
      );
      printTable(
        ['save', 'queries', 'DML statements', 'DML rows', 'CPU of 10,000 ms', 'heap of 6,000,000 bytes'],
        saves(characters).map(([name, before, save]) => measure(org, name, before, save)),
      );
    }
  } finally {
    org.close();
  }
};
