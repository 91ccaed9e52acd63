import ts from 'typescript';
import { SWAPPED, type Edit } from './edits.ts';
import { breakSql } from './sql.ts';

const SQL = /\b(?:SELECT|UPDATE|INSERT INTO|DELETE FROM|WHERE|ORDER BY)\b/;
/** What is told to people only: no protocol depends on it. */
const TELLS = /^(?:await )?(?:[\w.#]+\.)?(?:log|debug|write|report|notices\.note|#tell)\(/;
/** Calls on a list without which it is another one. */
const LIST_CALLS = new Set(['filter', 'sort', 'toSorted', 'reverse', 'toReversed', 'slice']);

const { SyntaxKind } = ts;

/** A guard against a mistake of whoever programs: nothing of what arrives reaches it. */
const isGuard = (statement: ts.Statement): boolean =>
  ts.isThrowStatement(statement) ||
  (ts.isBlock(statement) && statement.statements.length === 1 && ts.isThrowStatement(statement.statements[0]!));

/** What of a consequence runs first. */
const firstOf = (statement: ts.Statement): ts.Statement =>
  ts.isBlock(statement) ? (statement.statements[0] ?? statement) : statement;

class Breakages {
  readonly edits: Edit[] = [];
  readonly #file: ts.SourceFile;

  constructor(file: ts.SourceFile) {
    this.#file = file;
  }

  #replace(operator: string, node: ts.Node, replace: string, needs?: number): void {
    const edit = { operator, start: node.getStart(this.#file), end: node.end, replace };
    this.edits.push(needs === undefined ? edit : { ...edit, needs });
  }

  #text(node: ts.Node): string {
    return node.getText(this.#file);
  }

  visit(node: ts.Node): void {
    if (ts.isTypeNode(node) || ts.isImportDeclaration(node) || ts.isInterfaceDeclaration(node)) return;
    if (ts.isThrowStatement(node)) return;
    if (ts.isIfStatement(node)) this.#condition(node);
    if (ts.isConditionalExpression(node))
      this.#replace('condition reversed', node.condition, `!(${this.#text(node.condition)})`);
    if (ts.isBinaryExpression(node)) this.#operator(node);
    if (ts.isExpressionStatement(node)) this.#statement(node);
    if (ts.isCallExpression(node)) this.#listCall(node);
    if (node.kind === SyntaxKind.TrueKeyword) this.#replace('true for false', node, 'false');
    if (node.kind === SyntaxKind.FalseKeyword) this.#replace('false for true', node, 'true');
    if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) this.#sql(node, [node]);
    if (ts.isTemplateExpression(node)) this.#sql(node, [node.head, ...node.templateSpans.map((span) => span.literal)]);
    ts.forEachChild(node, (child) => this.visit(child));
  }

  #condition({ expression, thenStatement }: ts.IfStatement): void {
    if (isGuard(thenStatement)) return;
    this.#replace('condition always true', expression, 'true');
    // where the condition has never been true, it makes no difference
    this.#replace('condition never true', expression, 'false', firstOf(thenStatement).getStart(this.#file));
  }

  #operator({ left, operatorToken, right }: ts.BinaryExpression): void {
    const operator = operatorToken.getText(this.#file);
    const from = left.getStart(this.#file);
    if (operator === '&&' || operator === '||') {
      this.edits.push({ operator: `left of ${operator} only`, start: left.end, end: right.end, replace: '' });
      this.edits.push({
        operator: `right of ${operator} only`,
        start: from,
        end: right.getStart(this.#file),
        replace: '',
      });
    }
    const swapped = SWAPPED[operator];
    if (swapped !== undefined) this.#replace('comparison changed', operatorToken, swapped);
    if ((operator === '+' || operator === '-') && [left, right].some((side) => ts.isNumericLiteral(side)))
      this.#replace('sign changed', operatorToken, operator === '+' ? '-' : '+');
  }

  #statement(node: ts.ExpressionStatement): void {
    if (TELLS.test(this.#text(node))) return;
    // a constructor without its super() is no program
    if (ts.isCallExpression(node.expression) && node.expression.expression.kind === SyntaxKind.SuperKeyword) return;
    this.#replace('statement left out', node, ';');
  }

  #listCall({ expression, end }: ts.CallExpression): void {
    if (!ts.isPropertyAccessExpression(expression) || !LIST_CALLS.has(expression.name.text)) return;
    const { text } = expression.name;
    this.edits.push({ operator: `${text} left out`, start: expression.expression.end, end, replace: '' });
  }

  #sql(whole: ts.Node, parts: readonly ts.Node[]): void {
    if (!SQL.test(this.#text(whole))) return;
    for (const part of parts) {
      const start = part.getStart(this.#file);
      // without quotes, backticks, and the braces of what stands between
      const text = this.#text(part);
      const inner = text.slice(1, text.endsWith('${') ? -2 : -1);
      for (const edit of breakSql(inner))
        this.edits.push({ ...edit, start: start + 1 + edit.start, end: start + 1 + edit.end });
    }
  }
}

/** All ways to break a TypeScript module, one at a time, the SQL within it included. Types are left alone. */
export const breakTypeScript = (text: string): Edit[] => {
  const file = ts.createSourceFile('module.ts', text, ts.ScriptTarget.Latest, true);
  const breakages = new Breakages(file);
  breakages.visit(file);
  return breakages.edits;
};
