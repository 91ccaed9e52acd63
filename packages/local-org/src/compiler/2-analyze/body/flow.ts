/** Where execution can go on: methods must return on every path, statements must be reachable. */
import type * as ir from '../ir.ts';
import type { Body } from './body.ts';

/** Whether control can reach the end of the statement. */
function completes(s: ir.Statement): boolean {
  switch (s.kind) {
    case 'return':
    case 'throw':
    case 'break':
    case 'continue':
      return false;
    case 'block':
      return s.body.every(completes);
    case 'if':
      return s.else === null || completes(s.then) || completes(s.else);
    case 'loop':
      return !(isAlways(s.test) && !breaks(s.body));
    case 'try':
      if (s.finally !== null && !completes(s.finally)) return false;
      return completes(s.body) || s.catches.some((clause) => completes(clause.body));
    case 'runAs':
      return completes(s.body);
    default:
      return true;
  }
}

const isAlways = (test: ir.Expression | null): boolean =>
  test === null || (test.kind === 'constant' && test.value === true);

/** A `break` of this loop, not of one within. */
function breaks(s: ir.Statement): boolean {
  switch (s.kind) {
    case 'break':
      return true;
    case 'block':
      return s.body.some(breaks);
    case 'if':
      return breaks(s.then) || (s.else !== null && breaks(s.else));
    case 'try':
      return (
        breaks(s.body) || s.catches.some((clause) => breaks(clause.body)) || (s.finally !== null && breaks(s.finally))
      );
    case 'runAs':
      return breaks(s.body);
    default:
      return false;
  }
}

function checkReachable(b: Body, statements: ir.Statement[]): void {
  const end = statements.findIndex((statement) => !completes(statement));
  const after = end < 0 ? undefined : statements[end + 1];
  if (after !== undefined) b.report(after, 'UNREACHABLE');
  for (const s of statements) {
    if (s.kind === 'block') checkReachable(b, s.body);
    else if (s.kind === 'if') for (const side of [s.then, s.else]) if (side !== null) checkReachable(b, [side]);
    if (s.kind === 'loop' || s.kind === 'forEach' || s.kind === 'runAs') checkReachable(b, [s.body]);
    if (s.kind === 'try')
      for (const part of [
        s.body,
        ...s.catches.map((clause) => clause.body),
        ...(s.finally === null ? [] : [s.finally]),
      ])
        checkReachable(b, [part]);
  }
}

export function checkFlow(b: Body, statements: ir.Statement[], place: { line: number; column: number }): void {
  checkReachable(b, statements);
  const { returns } = b.options;
  if (returns.kind === 'void' || returns.kind === 'error') return;
  if (statements.every(completes)) b.report(place, 'RETURN_MISSING');
}
