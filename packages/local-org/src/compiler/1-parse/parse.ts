/** Text to our own tree, by the public Apex grammar. */
import { ApexLexer, ApexParserFactory, CaseInsensitiveInputStream } from '@apexdevtools/apex-parser';
import type { ApexToken, ApexParser } from '@apexdevtools/apex-parser';
import type { SourceUnit } from '../types.ts';
import type { UnitDeclaration } from './ast.ts';
import { checkIdentifiers } from './identifiers.ts';
import { Incomplete } from './lower/context.ts';
import type { Lowering } from './lower/context.ts';
import { lowerAnonymous, lowerCompilationUnit, lowerTrigger } from './lower/units.ts';
import { SyntaxErrors } from './syntax-errors.ts';
import type { SyntaxError } from './syntax-errors.ts';

/** Plain data: may be kept as JSON under the hash of kind and text. */
export interface ParsedUnit {
  /** Null when not even the declaration could be made out. After errors it has no bodies. */
  declaration: UnitDeclaration | null;
  errors: SyntaxError[];
}

const ENTRY_RULES = {
  class: (parser: ApexParser) => parser.compilationUnit(),
  trigger: (parser: ApexParser) => parser.triggerUnit(),
  anonymous: (parser: ApexParser) => parser.anonymousUnit(),
} as const;

type Tree = ReturnType<(typeof ENTRY_RULES)[SourceUnit['kind']]>;

function lower(l: Lowering, kind: SourceUnit['kind'], tree: Tree): UnitDeclaration | null {
  try {
    if (kind === 'class') return lowerCompilationUnit(l, tree as never);
    if (kind === 'trigger') return lowerTrigger(l, tree as never);
    return lowerAnonymous(l, tree as never);
  } catch (error) {
    if (error instanceof Incomplete) return null;
    throw error;
  }
}

/** Never throws for bad source: errors stand in the result. */
export function parse(kind: SourceUnit['kind'], text: string): ParsedUnit {
  const syntax = new SyntaxErrors();
  // Code units, not code points: positions and slices of the text then agree with JavaScript's.
  const lexer = new ApexLexer(new CaseInsensitiveInputStream(text, false));
  lexer.removeErrorListeners();
  lexer.addErrorListener(syntax);
  const tokens = ApexParserFactory.createTokenStream(lexer);

  const parser = ApexParserFactory.createParser(tokens);
  parser.addErrorListener(syntax);
  const tree = ENTRY_RULES[kind](parser);
  const errors: SyntaxError[] = syntax.list;

  const lowering: Lowering = {
    text,
    tokens: (tokens as unknown as { tokens: ApexToken[] }).tokens,
    bodies: errors.length === 0,
    report: ({ line, column }, message) => errors.push({ line, column, message }),
  };
  if (lowering.bodies) checkIdentifiers(tree, lowering.report);
  const declaration = lower(lowering, kind, tree);
  if (declaration === null && errors.length === 0)
    errors.push({ line: 1, column: 1, message: 'Unexpected end of file' });
  return { declaration, errors };
}
