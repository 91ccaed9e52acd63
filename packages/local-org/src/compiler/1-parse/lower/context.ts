/** What every lowering function shares. */
import type { ApexParserRuleContext, ApexTerminalNode, ApexToken } from '@apexdevtools/apex-parser';
import type { Name, Position } from '../ast.ts';

export interface Lowering {
  /** The unit's text. */
  readonly text: string;
  /** All tokens, hidden ones included, by token index. */
  readonly tokens: readonly ApexToken[];
  /**
   * False after a syntax error: bodies and initial values are left out, so that other units can
   * still be compiled against the declarations that parsed.
   */
  readonly bodies: boolean;
  /** Errors that the grammar lets through. */
  readonly report: (place: Position, message: string) => void;
}

/** A part of the tree that error recovery left incomplete. */
export class Incomplete extends Error {}

export function at(context: ApexParserRuleContext): Position {
  return { line: context.start.line, column: context.start.column + 1 };
}

export function atToken(token: ApexToken): Position {
  return { line: token.line, column: token.column + 1 };
}

/** A child that a complete tree always has. */
export function need<T>(child: T | null | undefined): T {
  if (child === null || child === undefined) throw new Incomplete();
  return child;
}

export function nameOf(context: ApexParserRuleContext | null): Name {
  const { start } = need(context);
  return { ...atToken(start), text: start.text };
}

/** The terminal children's texts of a context, for example the operator of an expression. */
export function terminals(context: ApexParserRuleContext): string[] {
  const texts: string[] = [];
  for (const child of (context as unknown as { children: (ApexTerminalNode & { symbol?: ApexToken })[] | null })
    .children ?? []) {
    if (child.symbol !== undefined) texts.push(child.symbol.text);
  }
  return texts;
}
