import { ApexLexer, ApexParserFactory, CaseInsensitiveInputStream } from '@apexdevtools/apex-parser';
import { SWAPPED, type Edit } from './edits.ts';

/** As the parser gives it: a node has children, a leaf has a symbol. */
interface Tree {
  children?: Tree[] | null;
  symbol?: unknown;
  start: { start: number };
  stop: { stop: number };
  parser: { ruleNames: string[] };
  ruleIndex: number;
  getText(): string;
}

/** Told to people only, or there so that a test can see it. */
const TELLS = /^(?:System\.debug|ConcordAlerts)\b/i;

/** In SOQL equality is one sign. */
const SWAPPED_IN_SOQL: Readonly<Record<string, string>> = { ...SWAPPED, '=': '!=', '!=': '=' };

const DML = new Set([
  'expressionStatement',
  'insertStatement',
  'updateStatement',
  'deleteStatement',
  'undeleteStatement',
  'upsertStatement',
]);

const isLeaf = (tree: Tree): boolean => tree.symbol !== undefined;

class Breakages {
  readonly edits: Edit[] = [];
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  #textOf(tree: Tree): string {
    return this.#text.slice(tree.start.start, tree.stop.stop + 1);
  }

  #replace(operator: string, tree: Tree, replace: string, needs?: number): void {
    const edit = { operator, start: tree.start.start, end: tree.stop.stop + 1, replace };
    this.edits.push(needs === undefined ? edit : { ...edit, needs });
  }

  /** Where the first statement of a consequence begins, comments left out. */
  #firstOf(consequence: Tree): number {
    const { start } = consequence.start;
    return start + /^\{?(?:\s|\/\/.*|\/\*[^]*?\*\/)*/.exec(this.#textOf(consequence))![0].length;
  }

  visit(tree: Tree): void {
    if (isLeaf(tree)) return;
    const children = tree.children ?? [];
    const rule = tree.parser.ruleNames[tree.ruleIndex]!;
    if (rule === 'throwStatement') return;
    if (rule === 'ifStatement') this.#condition(children);
    if (rule === 'expression') this.#expression(tree, children);
    // Apex knows no empty statement
    if (DML.has(rule) && !TELLS.test(this.#textOf(tree))) this.#replace('statement left out', tree, '{}');
    if (rule === 'forClauses' && tree.stop && this.#textOf(tree).trim() !== '')
      this.#replace('lock left out', tree, '');
    if (rule === 'orderByClause') this.#replace('order left out', tree, '');
    if (rule === 'limitClause') this.#replace('limit left out', tree, '');
    if (rule === 'whereLogicalExpression' || rule === 'logicalExpression') this.#conditions(children);
    if (rule === 'comparisonOperator' && SWAPPED_IN_SOQL[this.#textOf(tree)])
      this.#replace('comparison changed', tree, SWAPPED_IN_SOQL[this.#textOf(tree)]!);
    for (const child of children) this.visit(child);
  }

  #condition(children: Tree[]): void {
    const [, condition, consequence] = children;
    // a guard against a mistake of whoever programs
    if (/^\{?\s*throw\b/.test(this.#textOf(consequence!))) return;
    this.#replace('condition always true', condition!, '(true)');
    // where the condition has never been true, it makes no difference
    this.#replace('condition never true', condition!, '(false)', this.#firstOf(consequence!));
  }

  #expression(tree: Tree, children: Tree[]): void {
    const [left, middle, right] = children;
    if (!left || !middle || !right) return;
    if (middle.getText() === '?') {
      this.#replace('condition reversed', left, `!(${this.#textOf(left)})`);
      return;
    }
    if (isLeaf(left) || isLeaf(right) || children.length > 4) return;
    const between = this.#text.slice(left.stop.stop + 1, right.start.start).trim();
    const end = right.stop.stop + 1;
    if (between === '&&' || between === '||') {
      this.edits.push({ operator: `left of ${between} only`, start: left.stop.stop + 1, end, replace: '' });
      this.edits.push({
        operator: `right of ${between} only`,
        start: tree.start.start,
        end: right.start.start,
        replace: '',
      });
    }
    if (SWAPPED[between])
      this.edits.push({
        operator: 'comparison changed',
        start: left.stop.stop + 1,
        end: right.start.start,
        replace: ` ${SWAPPED[between]} `,
      });
  }

  /** Conditions of SOQL that AND joins: each but the last left out, and the last. */
  #conditions(children: Tree[]): void {
    if (!children.some((child) => /^and$/i.test(child.getText()))) return;
    const conditions = children.filter((child) => !isLeaf(child));
    conditions.forEach((condition, index) => {
      const next = conditions[index + 1];
      const before = conditions[index - 1];
      const start = next ? condition.start.start : before!.stop.stop + 1;
      const end = next ? next.start.start : condition.stop.stop + 1;
      this.edits.push({ operator: 'condition left out', start, end, replace: '' });
    });
  }
}

export const parserOf = (text: string): ReturnType<typeof ApexParserFactory.createParser> =>
  ApexParserFactory.createParser(
    ApexParserFactory.createTokenStream(new ApexLexer(new CaseInsensitiveInputStream(text, false))),
  );

/** All ways to break an Apex class or trigger, one at a time, the SOQL within it included. */
export const breakApex = (text: string, kind: 'class' | 'trigger'): Edit[] => {
  const parser = parserOf(text);
  const tree = kind === 'class' ? parser.compilationUnit() : parser.triggerUnit();
  const breakages = new Breakages(text);
  breakages.visit(tree as unknown as Tree);
  return breakages.edits;
};
