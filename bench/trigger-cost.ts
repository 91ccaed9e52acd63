/**
 * What does Concord's trigger take of a host's transaction that saves 200 Cases? Measured within the transaction, by
 * System.Limits: queries, DML and CPU time as the local org counts them (statements and library work, not time, so the
 * figures do not depend on the machine). The cost holds for the local org's Apex; what carries over is the ratio
 * between the saves, and that queries and DML do not grow with the records.
 */
import { print, printTable } from './support/figures.ts';
import { openBenchOrg } from './support/org.ts';

const CASES = 200;
const TEXT = 4_000;

/** The part of the limits that one save used, as the transaction itself sees it. */
const MEASURED = `
Integer queries = Limits.getQueries();
Integer dml = Limits.getDmlStatements();
Integer rows = Limits.getDmlRows();
Integer cpu = Limits.getCpuTime();
SAVE
System.debug('MEASURED ' + (Limits.getQueries() - queries) + ' ' + (Limits.getDmlStatements() - dml - 1) + ' '
    + (Limits.getDmlRows() - rows - cases.size()) + ' ' + (Limits.getCpuTime() - cpu));
`;

const FOUND = `List<Case> cases = [SELECT Id, Subject, Description, Priority, SuppliedName FROM Case LIMIT ${CASES}];`;

const SAVES: readonly (readonly [name: string, before: string, save: string])[] = [
  [
    'insert',
    `List<Case> cases = new List<Case>();
     for (Integer i = 0; i < ${CASES}; i++) cases.add(new Case(Subject = 'Case ' + i, Description = 'x'.repeat(${TEXT})));`,
    'insert cases;',
  ],
  ['update, no synced value', `${FOUND} for (Case c : cases) c.SuppliedName = 'Somebody';`, 'update cases;'],
  ['update, one synced value', `${FOUND} for (Case c : cases) c.Subject = c.Subject + '!';`, 'update cases;'],
  ['update that changes nothing', FOUND, 'update cases;'],
  ['delete', FOUND, 'delete cases;'],
];

export const benchTriggerCost = async (): Promise<void> => {
  const { org } = openBenchOrg();
  const rows: string[][] = [];
  try {
    for (const [name, before, save] of SAVES) {
      const { success, log, exceptionMessage, compileProblem } = org.executeAnonymous(
        before + MEASURED.replace('SAVE', save),
      );
      if (!success) throw new Error(`${name}: ${exceptionMessage ?? compileProblem}`);
      const figures = /MEASURED (\d+) (\d+) (\d+) (\d+)/.exec(log)?.slice(1).map(Number);
      if (!figures) throw new Error(`${name}: nothing was measured`);
      const [queries, dml, dmlRows, cpu] = figures as [number, number, number, number];
      rows.push([name, String(queries), String(dml), String(dmlRows), `${cpu} ms`]);
    }
  } finally {
    org.close();
  }
  print(
    `trigger-cost: what the triggers of Case take of a host's transaction, ${CASES} Cases with ${TEXT} characters each`,
  );
  printTable(['save', 'queries', 'DML statements', 'DML rows', 'CPU of 10,000 ms'], rows);
};
