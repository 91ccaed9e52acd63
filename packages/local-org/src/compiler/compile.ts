/** Apex to JavaScript. The passes, in order. */
import type { ParsedUnit } from './1-parse/parse.ts';
import { parse } from './1-parse/parse.ts';
import { analyzeUnit } from './2-analyze/analyze-unit.ts';
import { checkAncestors, declareAncestors } from './2-analyze/declare/declare-ancestors.ts';
import { declareMembers } from './2-analyze/declare/declare-members.ts';
import { declareUnit } from './2-analyze/declare/declare-types.ts';
import { nameMembers } from './2-analyze/declare/name-members.ts';
import { Program } from './2-analyze/program.ts';
import type { UnitSymbol, UserType } from './2-analyze/symbols.ts';
import { Diagnostics } from './diagnostics.ts';
import { emitUnit } from './3-emit/emit-unit.ts';
import type { EmitOptions } from './3-emit/emit-unit.ts';
import type { CompiledModule, CompileInput, CompileOutput, Diagnostic, SourceUnit } from './types.ts';

export interface CompileOptions extends EmitOptions {
  /** Gives the parsed form of a unit, for example from a cache by content; its result must not be changed. */
  parse?: (unit: SourceUnit) => ParsedUnit;
  /** Units that are only declared, not compiled: others need them, their modules exist already. */
  declareOnly?: (unit: SourceUnit) => boolean;
}

interface Parsed {
  source: SourceUnit;
  diagnostics: Diagnostics;
  declaration: ParsedUnit['declaration'];
}

function parseUnits(input: CompileInput, options: CompileOptions): Parsed[] {
  return input.units.map((source) => {
    const diagnostics = new Diagnostics(source.path);
    const { declaration, errors } = options.parse?.(source) ?? parse(source.kind, source.text);
    for (const error of errors) diagnostics.report(error, 'SYNTAX', error.message);
    return { source, diagnostics, declaration };
  });
}

function declare(input: CompileInput, parsed: Parsed[]): Program {
  const program = new Program(input);
  for (const { source, diagnostics, declaration } of parsed) {
    if (declaration !== null) declareUnit(program, { source, diagnostics, declaration });
  }
  for (const unit of program.units) declareAncestors(program, unit.type);
  for (const unit of program.units) checkAncestors(program, unit.type);
  for (const unit of program.units) declareMembers(program, unit.type);
  const named = new Set<UserType>();
  for (const unit of program.units) nameMembers(program, unit.type, named);
  return program;
}

/** A mistake of the compiler itself costs the unit it happens in, not the program. */
function compileUnit(program: Program, unit: UnitSymbol, options: CompileOptions): CompiledModule | null {
  try {
    const analysed = analyzeUnit(program, unit);
    return unit.diagnostics.failed ? null : emitUnit(program, unit, analysed, options);
  } catch (error) {
    unit.diagnostics.report({ line: 1, column: 1 }, 'INTERNAL', error instanceof Error ? error.message : String(error));
    return null;
  }
}

/** A unit with errors gives no module; the others are compiled against what it declares. */
export function compile(input: CompileInput, options: CompileOptions = {}): CompileOutput {
  const parsed = parseUnits(input, options);
  const program = declare(input, parsed);
  const modules: CompiledModule[] = [];
  for (const unit of program.units) {
    if (options.declareOnly?.(unit.source) === true) continue;
    const syntaxFailed = unit.diagnostics.list.some((diagnostic) => diagnostic.code === 'SYNTAX');
    if (syntaxFailed) continue;
    const module = compileUnit(program, unit, options);
    if (module !== null) modules.push(module);
  }
  return { modules, diagnostics: parsed.flatMap(({ diagnostics }) => inOrder(diagnostics.list)) };
}

const inOrder = (list: Diagnostic[]): Diagnostic[] => list.toSorted((a, b) => a.line - b.line || a.column - b.column);
