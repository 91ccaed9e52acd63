/** The queries that stand in TypeScript, and the conditions that are put into them. */
import ts from 'typescript';
import type { FoundQuery } from './apex.ts';

/** Stands for a key field that is indexed on every compared object. */
const KEY = 'Sync_Key__c';

/** What functions of ours that write conditions write. The first argument is their field: a text, or the compared object's key. */
const CONDITIONS: Record<string, (field: string) => string> = {
  isOneOf: (field) => `${field} IN ('x')`,
  hasKeyWithin: (field) => `${field} >= 'x' AND ${field} < 'x'`,
  inRange: () => 'Digest_K1__c >= 0 AND Digest_K1__c < 1',
  withoutDigest: () => `${KEY} >= 'x' AND Digest_K1__c = null`,
  isOfCompany: () => `${KEY} LIKE 'x%'`,
  page: () => " AND Id > 'x' ORDER BY Id LIMIT 1",
};

/** A hole of this name holds a condition that is judged where it is written. */
const CONDITION = 'where';

/** What a name in a hole stands for where an object or a field is expected. */
const NAMES: Record<string, string> = { object: 'Case', 'compared.object': 'Case', field: KEY };

const fieldOf = (argument: ts.Expression | undefined): string => {
  if (argument && ts.isStringLiteralLike(argument)) return argument.text;
  const text = argument?.getText() ?? '?';
  return /(?:^|\.)key$/.test(text) ? KEY : (NAMES[text] ?? text);
};

/** A hole as it reads in the query, as far as the verdict depends on it. */
const valueOf = (hole: ts.Expression, before: string): string => {
  if (/'[^']*$/.test(before) && (before.match(/'/g) ?? []).length % 2 === 1) return 'x';
  if (/(?:[=<>,]|\bIN\s*\(|\bLIMIT)\s*$/i.test(before)) return '0';
  if (ts.isCallExpression(hole)) {
    const condition = CONDITIONS[hole.expression.getText()];
    if (condition) return condition(fieldOf(hole.arguments[0]));
  }
  const text = hole.getText();
  if (text === CONDITION) return "Id = 'x'";
  return NAMES[text] ?? '?';
};

const textOf = (node: ts.TemplateExpression): string =>
  node.templateSpans.reduce(
    (text, { expression, literal }) => text + valueOf(expression, text) + literal.text,
    node.head.text,
  );

const isQuery = (text: string): boolean => /^\s*SELECT\b[^]*\bFROM\b/i.test(text);
/** `Sync_Pending__c IN ('Request')`: part of a query that is put together elsewhere. */
const isCondition = (text: string): boolean => /^\(?\w+__c\s*(?:=|!=|<|>|IN\b|NOT\b|LIKE\b)/i.test(text);

/** A text that begins with a hole is a helper's: what it writes is judged where it is called. */
const namesItsField = (node: ts.Node): boolean => !ts.isTemplateExpression(node) || node.head.text !== '';

/** Properties whose condition only ever follows one that is judged. */
const FOLLOWS: readonly string[] = ['synced'];

const isFollowing = (node: ts.Node): boolean =>
  ts.isPropertyAssignment(node.parent) && FOLLOWS.includes(node.parent.name.getText());

/** Every query and condition on the line where it begins. A condition comes as a query of Case. */
export const queriesOfTypeScript = (name: string, text: string): FoundQuery[] => {
  const file = ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true);
  const found: FoundQuery[] = [];
  const visit = (node: ts.Node): void => {
    const soql = ts.isTemplateExpression(node) ? textOf(node) : ts.isStringLiteralLike(node) ? node.text : null;
    const line = file.getLineAndCharacterOfPosition(node.getStart()).line + 1;
    if (soql !== null && isQuery(soql)) found.push({ line, soql });
    else if (soql !== null && isCondition(soql) && namesItsField(node) && !isFollowing(node))
      found.push({ line, soql: `SELECT Id FROM Case WHERE ${soql}` });
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
};
