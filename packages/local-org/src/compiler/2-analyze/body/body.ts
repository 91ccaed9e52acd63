/** What the analysis of one body (method, constructor, accessor, initialiser, script) carries along. */
import type { Position } from '../../1-parse/ast.ts';
import type { DiagnosticCode } from '../../diagnostics.ts';
import type { ObjectDescription } from '../../types.ts';
import type { Variable } from '../ir.ts';
import type { Program } from '../program.ts';
import type { FieldSymbol, UserType, Type } from '../symbols.ts';

/** Words that JavaScript keeps for itself, or gives a meaning of its own, but Apex does not. */
const RESERVED = new Set(
  `arguments async await case const debugger default delete eval export function import in let package super typeof undefined
   var void with yield enum static implements interface private protected public nan infinity switch of`.split(/\s+/),
);

export const javaScriptName = (name: string): string => {
  const lower = name.toLowerCase();
  return RESERVED.has(lower) ? `${lower}$` : lower;
};

export type BodyKind = 'method' | 'constructor' | 'initializer' | 'accessor' | 'script';

export interface BodyOptions {
  kind: BodyKind;
  static: boolean;
  /** Void where nothing is returned. */
  returns: Type;
  /** The property whose accessor this is: its name means its storage. */
  property?: FieldSymbol;
  /** Object of the trigger that this is. */
  trigger?: ObjectDescription;
}

export class Body {
  readonly program: Program;
  readonly self: UserType;
  readonly options: BodyOptions;
  readonly temporaries: Variable[] = [];
  loops = 0;
  #scopes: Map<string, Variable>[] = [new Map<string, Variable>()];

  constructor(program: Program, self: UserType, options: BodyOptions) {
    this.program = program;
    this.self = self;
    this.options = options;
  }

  get types() {
    return this.program.types;
  }

  report(place: Position, code: DiagnosticCode, ...values: string[]): void {
    this.self.unit.diagnostics.report(place, code, ...values);
  }

  scoped<T>(make: () => T): T {
    this.#scopes.push(new Map());
    try {
      return make();
    } finally {
      this.#scopes.pop();
    }
  }

  variable(name: string): Variable | undefined {
    const key = name.toLowerCase();
    for (let i = this.#scopes.length - 1; i >= 0; i--) {
      const found = this.#scopes[i]!.get(key);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** Innermost last, by lower-cased name. */
  *visibleVariables(): Generator<[string, Variable]> {
    for (const scope of this.#scopes) yield* scope;
  }

  declare(place: Position, name: string, type: Type, final = false): Variable {
    if (this.variable(name) !== undefined) this.report(place, 'DUPLICATE_VARIABLE', name);
    const variable: Variable = { name: javaScriptName(name), type, final };
    this.#scopes.at(-1)!.set(name.toLowerCase(), variable);
    return variable;
  }

  temporary(type: Type): Variable {
    const variable: Variable = { name: `t$${this.temporaries.length + 1}`, type, final: true };
    this.temporaries.push(variable);
    return variable;
  }
}
